package dev.pilotlight.pack;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.RuntimeVisibleTypeAnnotationsAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Replaces the `invokedynamic` instruction of a `switch` over types by a call of a method that
/// tests the types with `instanceof`.
///
/// [java.lang.runtime.SwitchBootstraps] links such an instruction when it runs first: it generates
/// and loads a class. The AOT cache of JDK 25 does not keep these classes, so each switch that a
/// start reaches costs 0.5 to 1 ms. The method returns the same numbers as the generated class.
/// Switches with other labels than classes are not changed.
final class PlainSwitches implements ClassTransform {
  private static final String NAME = "pilotlight$switch";
  private static final ClassDesc BOOTSTRAPS = ClassDesc.of("java.lang.runtime.SwitchBootstraps");
  private static final MethodTypeDesc TYPE =
      MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_Object, ConstantDescs.CD_int);

  /// The number of `case null`.
  private static final int NULL = -1;

  private final ClassModel model;
  private final List<List<ClassEntry>> switches = new ArrayList<>();

  private PlainSwitches(ClassModel model) {
    this.model = model;
  }

  /// The changed class; empty if it has no such switch.
  static Optional<byte[]> replaceIn(ClassFile format, ClassModel model) {
    boolean any =
        model.methods().stream()
            .flatMap(method -> method.code().stream())
            .flatMap(CodeModel::elementStream)
            .anyMatch(element -> labels(element).isPresent());
    return any
        ? Optional.of(format.transformClass(model, new PlainSwitches(model)))
        : Optional.empty();
  }

  @Override
  public void accept(ClassBuilder to, ClassElement element) {
    if (element instanceof MethodModel method && method.code().isPresent()) {
      to.transformMethod(
          method,
          (methodTo, part) -> {
            if (part instanceof CodeModel code) {
              methodTo.transformCode(code, this::accept);
            } else {
              methodTo.with(part);
            }
          });
    } else {
      to.with(element);
    }
  }

  private void accept(CodeBuilder to, CodeElement element) {
    if (element instanceof RuntimeVisibleTypeAnnotationsAttribute) {
      return; // with offsets of instructions, which change; nothing can read them at run time
    }
    Optional<List<ClassEntry>> labels = labels(element);
    if (labels.isEmpty()) {
      to.with(element);
      return;
    }
    boolean isInterface = model.flags().has(AccessFlag.INTERFACE);
    to.invokestatic(model.thisClass().asSymbol(), NAME + switches.size(), TYPE, isInterface);
    switches.add(labels.get());
  }

  @Override
  public void atEnd(ClassBuilder to) {
    for (int i = 0; i < switches.size(); i++) {
      List<ClassEntry> labels = switches.get(i);
      to.withMethodBody(
          NAME + i,
          TYPE,
          ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
          code -> choose(code, labels));
    }
  }

  /// The first label, from the given number on, that is a type of the object.
  private static void choose(CodeBuilder code, List<ClassEntry> labels) {
    Label some = code.newLabel();
    code.aload(0).ifnonnull(some).loadConstant(NULL).ireturn().labelBinding(some);
    for (int i = 0; i < labels.size(); i++) {
      Label next = code.newLabel();
      code.iload(1).loadConstant(i).if_icmpgt(next);
      code.aload(0).instanceOf(labels.get(i)).ifeq(next);
      code.loadConstant(i).ireturn().labelBinding(next);
    }
    code.loadConstant(labels.size()).ireturn();
  }

  /// The labels of a switch over types; empty for every other element.
  private static Optional<List<ClassEntry>> labels(CodeElement element) {
    if (!(element instanceof InvokeDynamicInstruction call)
        || !call.invokedynamic()
            .bootstrap()
            .bootstrapMethod()
            .reference()
            .owner()
            .asSymbol()
            .equals(BOOTSTRAPS)
        || !call.name().equalsString("typeSwitch")
        || call.typeSymbol().parameterType(0).isPrimitive()) {
      return Optional.empty();
    }
    List<ClassEntry> labels = new ArrayList<>();
    for (LoadableConstantEntry label : call.invokedynamic().bootstrap().arguments()) {
      if (!(label instanceof ClassEntry type)) {
        return Optional.empty();
      }
      labels.add(type);
    }
    return Optional.of(labels);
  }
}
