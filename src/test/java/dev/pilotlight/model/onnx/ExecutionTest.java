package dev.pilotlight.model.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pilotlight.model.onnx.Accelerator.CudaDriver;
import dev.pilotlight.support.Settings;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The choice of a GPU, with a driver in its place that has one.
// a handle calls the methods of the driver
@SuppressWarnings("UnusedMethod")
class ExecutionTest {
  private static final String SETTING = "PILOTLIGHT_EXECUTION_PROVIDER=cuda";
  private static int status;

  @Test
  void theCpuIsTheDefaultAndAddsNothingToTheKeys() {
    Execution execution = Execution.from(new Settings(Map.of()));
    assertThat(execution).isEqualTo(Execution.CPU);
    assertThat(execution.label()).isEmpty();
  }

  @Test
  void providerAndKindOfGpuAreInTheKeys() {
    Execution gpu = new Execution(Execution.Provider.TENSORRT, 1, "NVIDIA A10G (8.6)", "");
    assertThat(gpu.label()).isEqualTo("/tensorrt/NVIDIA A10G (8.6)");
  }

  @Test
  void versionsOfLibrariesAreInTheKeys() {
    Execution gpu = new Execution(Execution.Provider.CUDA, 0, "NVIDIA A10G (8.6)", "cuda:12.9");
    assertThat(gpu.label()).isEqualTo("/cuda/NVIDIA A10G (8.6)/cuda:12.9");
  }

  @Test
  void versionsOfLibrariesHaveNoOtherCharacters() {
    Settings settings = new Settings(Map.of("PILOTLIGHT_EXECUTION_LIBRARIES", "two words"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Execution.from(settings))
        .withMessageContaining("PILOTLIGHT_EXECUTION_LIBRARIES is 'two words'");
  }

  @Test
  void versionsOfLibrariesDoNotCountOnTheCpu() {
    Settings settings = new Settings(Map.of("PILOTLIGHT_EXECUTION_LIBRARIES", "cuda:12.9"));
    assertThat(Execution.from(settings)).isEqualTo(Execution.CPU);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuda", "tensorrt"})
  void withoutTheLibraryForGpusTheStartEnds(String provider) {
    Settings settings = new Settings(Map.of("PILOTLIGHT_EXECUTION_PROVIDER", provider));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Execution.from(settings))
        .withMessageStartingWith("PILOTLIGHT_EXECUTION_PROVIDER=" + provider)
        .withMessageContaining("onnxruntime_gpu");
  }

  @Test
  void theCpuHasNoSecondDevice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Execution.from(new Settings(Map.of("PILOTLIGHT_EXECUTION_DEVICE", "1"))))
        .withMessageContaining("PILOTLIGHT_EXECUTION_DEVICE is '1'");
  }

  @Test
  void theDriverNamesTheGpu() throws ReflectiveOperationException {
    status = 0;
    try (Arena arena = Arena.ofShared()) {
      assertThat(driver(arena).deviceClass(0)).isEqualTo("Test Card (9.3)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> driver(arena).deviceClass(1))
          .withMessageContaining("needs GPU 1")
          .withMessageContaining("sees 1");
    }
  }

  @Test
  void aDriverWithoutGpuOrWithAFaultEndsTheStart() throws ReflectiveOperationException {
    try (Arena arena = Arena.ofShared()) {
      status = 100;
      assertThatIllegalArgumentException()
          .isThrownBy(() -> driver(arena).deviceClass(0))
          .withMessageContaining("sees 0");
      status = 803;
      assertThatIllegalArgumentException()
          .isThrownBy(() -> driver(arena).deviceClass(0))
          .withMessageContaining("cuInit gave 803");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CudaDriver(_ -> Optional.empty(), SETTING).deviceClass(0))
        .withMessageContaining("has no cuInit");
  }

  private static CudaDriver driver(Arena arena) throws ReflectiveOperationException {
    Map<String, MemorySegment> functions =
        Map.of(
            "cuInit", stub(arena, "init", int.class),
            "cuDeviceGetCount", stub(arena, "one", MemorySegment.class),
            "cuDeviceGet", stub(arena, "device", MemorySegment.class, int.class),
            "cuDeviceGetName", stub(arena, "name", MemorySegment.class, int.class, int.class),
            "cuDeviceGetAttribute",
                stub(arena, "attribute", MemorySegment.class, int.class, int.class));
    SymbolLookup symbols = name -> Optional.ofNullable(functions.get(name));
    return new CudaDriver(symbols, SETTING);
  }

  private static MemorySegment stub(Arena arena, String method, Class<?>... types)
      throws ReflectiveOperationException {
    var handle =
        MethodHandles.lookup()
            .findStatic(ExecutionTest.class, method, MethodType.methodType(int.class, types));
    FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT);
    for (Class<?> one : types) {
      type = type.appendArgumentLayouts(one == int.class ? JAVA_INT : ADDRESS);
    }
    return Linker.nativeLinker().upcallStub(handle, type, arena);
  }

  private static int init(int flags) {
    return flags == 0 ? status : 1;
  }

  private static int one(MemorySegment count) {
    count.reinterpret(Integer.BYTES).set(JAVA_INT, 0, 1);
    return 0;
  }

  private static int device(MemorySegment device, int ordinal) {
    device.reinterpret(Integer.BYTES).set(JAVA_INT, 0, 40 + ordinal);
    return 0;
  }

  private static int name(MemorySegment name, int length, int device) {
    name.reinterpret(length).setString(0, device == 40 ? "Test Card" : "wrong device");
    return 0;
  }

  private static int attribute(MemorySegment value, int attribute, int device) {
    value.reinterpret(Integer.BYTES).set(JAVA_INT, 0, attribute == 75 ? device - 31 : 3);
    return 0;
  }
}
