package cnf.house;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The rules that one source file has to keep, read from its syntax tree. */
final class SourceRules {
  private static final Set<String> BANNED_WORDS =
      Set.of("Impl", "Abstract", "Base", "Manager", "Helper", "Util", "Utils", "Data", "Info");
  private static final Pattern BANNED_PACKAGE =
      Pattern.compile("(.*\\.)?(utils?|commons?|helpers?|misc)(\\..*)?");
  private static final Pattern SLEEP =
      Pattern.compile("(.*\\.)?(Thread\\.sleep|TimeUnit\\.\\w+\\.sleep|LockSupport\\.park\\w+)");
  private static final Pattern WORD = Pattern.compile("\\p{Lu}+(?!\\p{Ll})|\\p{Lu}?\\p{Ll}+");
  // Put together here so that this file keeps the rule too.
  private static final Pattern REMINDER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b(?!.*#\\d)");

  /** A source file, held in memory. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String path, String text) {
      super(URI.create("mem:///" + path), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private final Predicate<String> isExported;

  /**
   * The rules for one house.
   *
   * @param isExported tells whether a package is exported, by its name
   */
  SourceRules(Predicate<String> isExported) {
    this.isExported = isExported;
  }

  /** Reminders without an issue number; for files of every kind. */
  static List<String> reminders(String path, String text) {
    List<String> faults = new ArrayList<>();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      Matcher matcher = REMINDER.matcher(lines[i]);
      if (matcher.find()) {
        faults.add(path + ":" + (i + 1) + ": " + matcher.group(1) + " without an issue number");
      }
    }
    return faults;
  }

  /**
   * What is wrong with these Java files.
   *
   * @param texts each file's text by its path, with slashes; a part of the path that is {@code
   *     test} or {@code jmh} makes it a test
   */
  List<String> faults(Map<String, String> texts) {
    List<Source> sources = new ArrayList<>();
    texts.forEach((path, text) -> sources.add(new Source(path, text)));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavacTask task =
        (JavacTask) compiler.getTask(null, null, d -> {}, List.of("-proc:none"), null, sources);
    List<String> faults = new ArrayList<>();
    try {
      for (CompilationUnitTree unit : task.parse()) {
        String path = unit.getSourceFile().getName().substring(1);
        new Scanner(path, unit, DocTrees.instance(task), faults).scan(unit, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return faults;
  }

  private final class Scanner extends TreePathScanner<Void, Void> {
    private final String path;
    private final CompilationUnitTree unit;
    private final DocTrees trees;
    private final List<String> faults;
    private final boolean test;
    private final String packageName;
    private final boolean exported;

    Scanner(String path, CompilationUnitTree unit, DocTrees trees, List<String> faults) {
      this.path = path;
      this.unit = unit;
      this.trees = trees;
      this.faults = faults;
      test = path.contains("/src/test/") || path.contains("/src/jmh/");
      packageName = unit.getPackageName() == null ? "" : unit.getPackageName().toString();
      exported = !test && isExported.test(packageName);
      if (BANNED_PACKAGE.matcher(packageName).matches()) {
        report(unit, "package " + packageName + ": name it after what it holds");
      }
      if (path.endsWith("package-info.java")) {
        checkPackage();
      }
    }

    private void report(Tree tree, String message) {
      long offset = trees.getSourcePositions().getStartPosition(unit, tree);
      faults.add(
          path + ":" + unit.getLineMap().getLineNumber(Math.max(0, offset)) + ": " + message);
    }

    private void checkPackage() {
      boolean marked = has(unit.getPackageAnnotations(), "Export");
      boolean versioned = has(unit.getPackageAnnotations(), "Version");
      if (marked != versioned) {
        report(unit, packageName + ": @Export and @Version go together");
      }
      if (marked && packageName.matches(".*\\.internal(\\..*)?")) {
        report(unit, packageName + ": an internal package is not exported");
      }
      TreePath declaration = new TreePath(new TreePath(unit), unit.getPackage());
      if (marked && trees.getDocComment(declaration) == null) {
        report(unit, packageName + ": is exported and has no Javadoc");
      }
    }

    @Override
    public Void visitImport(ImportTree tree, Void unused) {
      if (tree.getQualifiedIdentifier().toString().endsWith(".*")) {
        report(tree, "wildcard import");
      }
      return super.visitImport(tree, unused);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree tree, Void unused) {
      if (test
          && tree.getMethodSelect() instanceof MemberSelectTree select
          && SLEEP.matcher(select.toString()).matches()) {
        report(tree, "a test waits for an event, it does not sleep");
      }
      return super.visitMethodInvocation(tree, unused);
    }

    @Override
    public Void visitClass(ClassTree tree, Void unused) {
      if (!tree.getSimpleName().isEmpty()) {
        checkName(tree);
        if (isExportedHere(tree.getModifiers())) {
          checkDocumented(tree, tree.getSimpleName().toString());
          checkMarked(tree);
        }
      }
      return super.visitClass(tree, unused);
    }

    /** The baseline has to know whether a new method breaks those who implement the type. */
    private void checkMarked(ClassTree tree) {
      Set<Modifier> flags = tree.getModifiers().getFlags();
      boolean extended = tree.getKind() == Tree.Kind.INTERFACE || flags.contains(Modifier.ABSTRACT);
      boolean top = getCurrentPath().getParentPath().getLeaf() instanceof CompilationUnitTree;
      List<? extends AnnotationTree> marks = tree.getModifiers().getAnnotations();
      if (extended
          && top
          && !flags.contains(Modifier.SEALED)
          && !has(marks, "ProviderType")
          && !has(marks, "ConsumerType")) {
        report(tree, tree.getSimpleName() + ": is neither @ProviderType nor @ConsumerType");
      }
    }

    private void checkName(ClassTree tree) {
      Matcher words = WORD.matcher(tree.getSimpleName());
      while (words.find()) {
        if (BANNED_WORDS.contains(words.group())) {
          report(tree, tree.getSimpleName() + ": '" + words.group() + "' says nothing in a name");
        }
      }
      if (isRecord(tree) && isExportedHere(tree.getModifiers())) {
        checkComponents(tree);
      }
    }

    @Override
    public Void visitMethod(MethodTree tree, Void unused) {
      String name = tree.getName().toString();
      if (test
          && has(tree.getModifiers().getAnnotations(), "Test")
          && name.matches("(test|should)(\\p{Lu}.*)?")) {
        report(tree, name + ": a test's name is a fact in the present tense");
      }
      if (isExportedHere(tree.getModifiers())
          && !has(tree.getModifiers().getAnnotations(), "Override")
          && !isCompactConstructor(tree)) {
        checkDocumented(tree, name.equals("<init>") ? "a constructor" : name);
      }
      return super.visitMethod(tree, unused);
    }

    @Override
    public Void visitVariable(VariableTree tree, Void unused) {
      boolean field = getCurrentPath().getParentPath().getLeaf() instanceof ClassTree;
      if (field && isExportedHere(tree.getModifiers())) {
        checkDocumented(tree, tree.getName().toString());
      }
      return super.visitVariable(tree, unused);
    }

    private void checkDocumented(Tree tree, String name) {
      if (trees.getDocComment(getCurrentPath()) == null) {
        report(tree, name + ": is exported and has no Javadoc");
      }
    }

    /** A record's Javadoc has a {@code @param} for each component. */
    private void checkComponents(ClassTree record) {
      DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
      List<String> documented = new ArrayList<>();
      for (DocTree tag : comment == null ? List.<DocTree>of() : comment.getBlockTags()) {
        if (tag instanceof ParamTree param && !param.isTypeParameter()) {
          documented.add(param.getName().toString());
        }
      }
      for (Tree member : record.getMembers()) {
        if (member instanceof VariableTree component
            && !component.getModifiers().getFlags().contains(Modifier.STATIC)
            && !documented.contains(component.getName().toString())) {
          report(record, record.getSimpleName() + ": has no @param " + component.getName());
        }
      }
    }

    /**
     * True if the element with these modifiers can be seen from outside the bundle, which takes all
     * types around it to be visible as well.
     */
    private boolean isExportedHere(ModifiersTree modifiers) {
      if (!exported || !isVisible(modifiers, getCurrentPath())) {
        return false;
      }
      TreePath around = getCurrentPath().getParentPath();
      while (around.getLeaf() != unit) {
        if (!(around.getLeaf() instanceof ClassTree type)
            || !isVisible(type.getModifiers(), around)) {
          return false;
        }
        around = around.getParentPath();
      }
      return true;
    }

    private boolean isVisible(ModifiersTree modifiers, TreePath place) {
      Set<Modifier> flags = modifiers.getFlags();
      if (flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED)) {
        return !(place.getLeaf() instanceof VariableTree field
            && isDescribedElsewhere(field, place));
      }
      if (flags.contains(Modifier.PRIVATE)) {
        return false;
      }
      Tree.Kind parent = place.getParentPath().getLeaf().getKind();
      return parent == Tree.Kind.INTERFACE || parent == Tree.Kind.ANNOTATION_TYPE;
    }

    /**
     * Looks like a field, but is a record's component, which checkComponents asks for, or an enum's
     * constant, which the enum's own Javadoc may describe: READ needs no sentence.
     */
    private boolean isDescribedElsewhere(VariableTree field, TreePath place) {
      return place.getParentPath().getLeaf() instanceof ClassTree type
          && (isRecord(type) && !field.getModifiers().getFlags().contains(Modifier.STATIC)
              || type.getKind() == Tree.Kind.ENUM && isConstantOf(type, field));
    }

    private boolean isConstantOf(ClassTree type, VariableTree field) {
      return field.getType() != null
          && field.getType().toString().equals(type.getSimpleName().toString());
    }

    private boolean isCompactConstructor(MethodTree tree) {
      return tree.getReturnType() == null
          && getCurrentPath().getParentPath().getLeaf() instanceof ClassTree type
          && isRecord(type)
          && isCanonical(type, tree);
    }

    private boolean isCanonical(ClassTree record, MethodTree constructor) {
      List<String> components = new ArrayList<>();
      for (Tree member : record.getMembers()) {
        if (member instanceof VariableTree component
            && !component.getModifiers().getFlags().contains(Modifier.STATIC)) {
          components.add(component.getName().toString());
        }
      }
      return constructor.getParameters().stream()
          .map(parameter -> parameter.getName().toString())
          .toList()
          .equals(components);
    }
  }

  private static boolean isRecord(ClassTree tree) {
    return tree.getKind() == Tree.Kind.RECORD;
  }

  private static boolean has(List<? extends AnnotationTree> annotations, String simpleName) {
    return annotations.stream()
        .map(annotation -> annotation.getAnnotationType().toString())
        .anyMatch(name -> name.equals(simpleName) || name.endsWith("." + simpleName));
  }
}
