package cnf.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.regex.Pattern;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** What no class of a simulation may use, because a run would not be the same twice. */
final class BannedApi {
  /** A pattern over {@code owner.member(descriptor)} with the reason it is banned. */
  private static final Map<Pattern, String> BANNED = new LinkedHashMap<>();

  static {
    ban("java/lang/System\\.(?!arraycopy\\().*", "the machine has its own clock, input and output");
    ban("java/lang/(Runtime|Process|ProcessBuilder|ProcessHandle)\\..*", "depends on the host");
    ban(
        "java/lang/(Thread|ThreadGroup|ThreadLocal|InheritableThreadLocal)\\..*",
        "one run is one thread");
    ban("java/util/concurrent/(?!atomic/|TimeUnit\\b).*", "one run is one thread");
    ban("java/util/(Timer|TimerTask)\\..*", "time is virtual");
    ban("java/lang/Object\\.(wait|notify|notifyAll)\\(.*", "one run is one thread");
    ban("java/lang/(Object|Enum)\\.hashCode\\(.*", "differs from one JVM to the next");
    ban("java/lang/ref/.*", "depends on the garbage collector");
    ban("java/time/(?!Duration\\b).*", "time is virtual");
    ban("java/util/(Date|Calendar|GregorianCalendar|TimeZone)\\..*", "time is virtual");
    ban("java/lang/(Math|StrictMath)\\.random\\(.*", "chance comes from a named stream");
    ban("java/util/(Random|SplittableRandom)\\..*", "chance comes from a named stream");
    ban("java/util/random/.*", "chance comes from a named stream");
    ban("java/security/SecureRandom\\..*", "chance comes from a named stream");
    ban("java/util/UUID\\.randomUUID\\(.*", "chance comes from a named stream");
    ban("java/util/Collections\\.shuffle\\(.*", "chance comes from a named stream");
    ban(".*\\.(parallel|parallelStream)\\(\\).*", "one run is one thread");
    ban("java/util/Arrays\\.parallel.*", "one run is one thread");
    ban(
        "java/util/(Set|Map)\\.(of|ofEntries|copyOf)\\(.*",
        "its order differs from one JVM to the next");
    ban(
        "java/util/(HashMap|HashSet|IdentityHashMap|WeakHashMap|Hashtable)\\.<init>.*",
        "has no order to rely on; LinkedHashMap, TreeMap, EnumMap and arrays have");
    ban(
        "java/util/stream/Collectors\\.(toSet|toMap|toUnmodifiable(Set|Map)|groupingBy|partitioningBy)\\(.*",
        "makes a HashMap; hand it a LinkedHashMap by toCollection, or loop");
    ban("java/nio/charset/Charset\\.defaultCharset\\(.*", "depends on the host");
    ban("java/lang/String\\.getBytes\\(\\).*", "depends on the host; name the charset");
    ban(
        "java/io/(File|FileInputStream|FileOutputStream|FileReader|FileWriter)\\..*",
        "the launcher does the input and output");
    ban("java/nio/file/.*", "the launcher does the input and output");
    ban("java/net/.*", "the launcher does the input and output");
    ban("java/lang/Throwable\\.printStackTrace\\(.*", "the launcher does the input and output");
    ban(
        "(java/util/logging|org/slf4j|org/osgi/service/log)/.*",
        "a simulation traces, the launcher logs");
    ban("<synchronized>.*", "one run is one thread");
  }

  private BannedApi() {}

  private static void ban(String pattern, String reason) {
    BANNED.put(Pattern.compile(pattern), reason);
  }

  /**
   * What is banned in one class file.
   *
   * @return one line a use: {@code Class.method:line: uses X: reason}
   */
  static Set<String> faults(byte[] classFile) {
    Set<String> faults = new LinkedHashSet<>();
    for (Entry<String, String> use : uses(classFile)) {
      for (Entry<Pattern, String> ban : BANNED.entrySet()) {
        if (ban.getKey().matcher(use.getValue()).matches()) {
          faults.add(use.getKey() + ": uses " + use.getValue() + ": " + ban.getValue());
        }
      }
    }
    return faults;
  }

  /** Each use of a member or a type with the place of it. */
  private static List<Entry<String, String>> uses(byte[] classFile) {
    List<Entry<String, String>> uses = new ArrayList<>();
    ClassReader reader = new ClassReader(classFile);
    String className = reader.getClassName().replace('/', '.');
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public void visit(int v, int a, String name, String s, String parent, String[] types) {
            uses.add(Map.entry(className, parent + ".<extends>"));
            for (String type : types) {
              uses.add(Map.entry(className, type + ".<implements>"));
            }
          }

          @Override
          public FieldVisitor visitField(int a, String name, String type, String s, Object value) {
            addType(uses, className + "." + name, Type.getType(type));
            return null;
          }

          @Override
          public MethodVisitor visitMethod(int a, String name, String type, String s, String[] e) {
            if ((a & Opcodes.ACC_SYNCHRONIZED) != 0) {
              uses.add(Map.entry(className + "." + name, "<synchronized>"));
            }
            return new UseVisitor(className + "." + name, uses);
          }
        },
        ClassReader.SKIP_FRAMES);
    return uses;
  }

  private static void addType(List<Entry<String, String>> uses, String place, Type type) {
    Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
    if (element.getSort() == Type.OBJECT) {
      uses.add(Map.entry(place, element.getInternalName() + ".<type>"));
    }
  }

  private static final class UseVisitor extends MethodVisitor {
    private final String method;
    private final List<Entry<String, String>> uses;
    private int line;

    UseVisitor(String method, List<Entry<String, String>> uses) {
      super(Opcodes.ASM9);
      this.method = method;
      this.uses = uses;
    }

    private void add(String use) {
      uses.add(Map.entry(method + ":" + line, use));
    }

    @Override
    public void visitLineNumber(int number, Label start) {
      line = number;
    }

    @Override
    public void visitMethodInsn(int op, String owner, String name, String type, boolean itf) {
      add(owner + "." + name + type);
    }

    @Override
    public void visitFieldInsn(int op, String owner, String name, String type) {
      add(owner + "." + name);
    }

    @Override
    public void visitTypeInsn(int op, String type) {
      addType(uses, method + ":" + line, Type.getObjectType(type));
    }

    @Override
    public void visitLdcInsn(Object value) {
      if (value instanceof Type type && type.getSort() != Type.METHOD) {
        addType(uses, method + ":" + line, type);
      }
    }

    @Override
    public void visitInsn(int op) {
      if (op == Opcodes.MONITORENTER) {
        add("<synchronized>");
      }
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String type, Handle boot, Object... args) {
      for (Object arg : args) {
        if (arg instanceof Handle handle) {
          add(handle.getOwner() + "." + handle.getName() + handle.getDesc());
        }
      }
    }
  }
}
