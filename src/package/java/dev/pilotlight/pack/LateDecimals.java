package dev.pilotlight.pack;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/// Changes jackson-core so that it creates its four constants of type [java.math.BigDecimal] at
/// each use, and not with the first parser.
///
/// They are the bounds of `int` and `long`; only the conversion of a decimal number to one of these
/// types reads them. In JDK 25, initialising `BigDecimal` computes powers of five up to 5^65536,
/// which takes several milliseconds of a start.
final class LateDecimals {
  /// Declares the constants.
  static final String DECLARING = "com/fasterxml/jackson/core/base/ParserMinimalBase";

  /// Uses them.
  static final String USING = "com/fasterxml/jackson/core/base/ParserBase";

  private static final int CONSTANTS = 4;
  private static final ClassDesc OWNER = ClassDesc.ofInternalName(DECLARING);
  private static final ClassDesc DECIMAL = ClassDesc.of("java.math.BigDecimal");
  private static final ClassDesc INTEGER = ClassDesc.of("java.math.BigInteger");
  private static final MethodTypeDesc OF_INTEGER =
      MethodTypeDesc.of(ConstantDescs.CD_void, INTEGER);

  private int changes;
  private boolean duplicates;

  private LateDecimals() {}

  /// Leaves the constants null.
  ///
  /// @throws IllegalStateException if there are not the four that are known
  static byte[] removeConstants(ClassFile format, ClassModel model) {
    LateDecimals change = new LateDecimals();
    byte[] changed =
        format.transformClass(
            model,
            ClassTransform.transformingMethodBodies(
                method -> method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME),
                change::leaveOut));
    change.requireAll(model);
    return changed;
  }

  /// Creates a constant from its integer at each use.
  ///
  /// @throws IllegalStateException if the four that are known are not used once each
  static byte[] makeAtUse(ClassFile format, ClassModel model) {
    LateDecimals change = new LateDecimals();
    byte[] changed =
        format.transformClass(model, ClassTransform.transformingMethodBodies(change::make));
    change.requireAll(model);
    return changed;
  }

  private void requireAll(ClassModel model) {
    if (changes != CONSTANTS) {
      throw new IllegalStateException(
          "%s has other decimal constants than packaging expects; see %s"
              .formatted(model.thisClass().asInternalName(), LateDecimals.class.getSimpleName()));
    }
  }

  /// Removes `new`, `dup` and `putstatic`, and replaces the constructor by a `pop` of the integer.
  private void leaveOut(CodeBuilder to, CodeElement element) {
    if (element instanceof NewObjectInstruction made
        && made.className().asSymbol().equals(DECIMAL)) {
      duplicates = true;
    } else if (duplicates && element instanceof Instruction it && it.opcode() == Opcode.DUP) {
      duplicates = false;
    } else if (element instanceof InvokeInstruction call
        && call.owner().asSymbol().equals(DECIMAL)
        && call.typeSymbol().equals(OF_INTEGER)) {
      to.pop();
    } else if (element instanceof FieldInstruction put
        && put.opcode() == Opcode.PUTSTATIC
        && put.typeSymbol().equals(DECIMAL)) {
      changes++;
    } else {
      to.with(element);
    }
  }

  private void make(CodeBuilder to, CodeElement element) {
    if (element instanceof FieldInstruction get
        && get.opcode() == Opcode.GETSTATIC
        && get.typeSymbol().equals(DECIMAL)) {
      String name = get.name().stringValue();
      to.new_(DECIMAL).dup();
      to.getstatic(OWNER, name.replace("BD_", "BI_"), INTEGER);
      to.invokespecial(DECIMAL, ConstantDescs.INIT_NAME, OF_INTEGER);
      changes++;
    } else {
      to.with(element);
    }
  }
}
