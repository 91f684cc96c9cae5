package dev.mixlaw;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tests dependencies between modules, packages and layers, and rules for public types and names.
 */
@AnalyzeClasses(packages = "dev.mixlaw", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule apiKnowsNoOtherModule =
      noClasses()
          .that()
          .resideInAPackage("dev.mixlaw.api..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(
              "dev.mixlaw.api..",
              "java..",
              "org.jspecify..",
              "com.google.errorprone.annotations..");

  @ArchTest
  static final ArchRule mixKnowsNeitherTrainNorEval = strangers("mix", "train", "eval", "samples");

  @ArchTest
  static final ArchRule trainKnowsNeitherMixNorEval = strangers("train", "mix", "eval", "samples");

  @ArchTest
  static final ArchRule evalKnowsNeitherMixNorTrain = strangers("eval", "mix", "train", "samples");

  @ArchTest
  static final ArchRule evalNeedsNeitherNd4jNorLucene =
      noClasses()
          .that()
          .resideInAPackage("dev.mixlaw.eval..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.nd4j..", "org.deeplearning4j..", "org.apache.lucene..", "org.bytedeco..");

  @ArchTest
  static final ArchRule internalsStayInTheirModule =
      ArchRuleDefinition.classes()
          .that()
          .resideInAPackage("dev.mixlaw..internal..")
          .and()
          .resideOutsideOfPackage("dev.mixlaw.api.internal..")
          .should(beUsedInTheirModuleOnly());

  @ArchTest
  static final ArchRule publicSignaturesAreFreeOfLibraries =
      ArchRuleDefinition.classes()
          .that()
          .resideInAPackage("dev.mixlaw..")
          .and()
          .resideOutsideOfPackages("dev.mixlaw..internal..", "dev.mixlaw.samples..")
          .and()
          .arePublic()
          .should(showNoThirdPartyType());

  /**
   * Each package is a slice. The facade of the API is another slice, because it depends on packages
   * that depend on the rest of its own package.
   */
  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices()
          .assignedFrom(
              new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass c) {
                  return SliceIdentifier.of(layerOf(c));
                }

                @Override
                public String getDescription() {
                  return "every package, and the facade of the API";
                }
              })
          .should()
          .beFreeOfCycles();

  /** Slices of the API; each may depend only on those before it. */
  private static final List<String> API_LAYERS =
      List.of(
          "dev.mixlaw.api.internal",
          "dev.mixlaw.api.units",
          "dev.mixlaw.api.results",
          "dev.mixlaw.api",
          "dev.mixlaw.api.internal.io",
          "dev.mixlaw.api.rounds",
          "dev.mixlaw.api.spi",
          "dev.mixlaw.api.internal.spi",
          "facade of dev.mixlaw.api");

  /** The facade of the API: the lab with its package-private helpers. */
  private static final Set<String> FACADE =
      Set.of("dev.mixlaw.api.Lab", "dev.mixlaw.api.Ports", "dev.mixlaw.api.StudyText");

  @ArchTest
  static final ArchRule theApiIsLayered =
      ArchRuleDefinition.classes()
          .that()
          .resideInAPackage("dev.mixlaw.api..")
          .should(dependOnEarlierLayersOnly());

  /** Only types that implement the same port may share a simple name. */
  @ArchTest
  static void simpleNamesAreUnique(JavaClasses classes) {
    Map<String, List<JavaClass>> byName =
        classes.stream()
            .filter(c -> c.isTopLevelClass() && !c.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getSimpleName, TreeMap::new, toList()));
    List<String> shared = new ArrayList<>();
    byName.forEach(
        (name, types) -> {
          if (types.size() > 1 && !implementOnePort(types)) {
            shared.add(types.stream().map(JavaClass::getName).sorted().toList().toString());
          }
        });
    assertThat(shared).as("top-level types that share a simple name").isEmpty();
  }

  @ArchTest
  static final ArchRule theLibraryPrintsNothing =
      ArchRuleDefinition.classes()
          .that()
          .resideOutsideOfPackages("dev.mixlaw.samples..", "dev.mixlaw.testkit..")
          .should(neverPrint());

  private static ArchRule strangers(String module, String... others) {
    return noClasses()
        .that()
        .resideInAPackage("dev.mixlaw." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            Stream.of(others).map(o -> "dev.mixlaw." + o + "..").toArray(String[]::new))
        .allowEmptyShould(true);
  }

  private static String layerOf(JavaClass c) {
    String topLevel = c.getName().replaceFirst("\\$.*", "");
    return FACADE.contains(topLevel) ? "facade of dev.mixlaw.api" : c.getPackageName();
  }

  private static ArchCondition<JavaClass> dependOnEarlierLayersOnly() {
    return new ArchCondition<>("depend on their own and earlier layers only: " + API_LAYERS) {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        int own = API_LAYERS.indexOf(layerOf(item));
        if (own < 0) {
          events.add(SimpleConditionEvent.violated(item, item.getName() + " is in no layer"));
        }
        item.getDirectDependenciesFromSelf().stream()
            .filter(d -> API_LAYERS.indexOf(layerOf(d.getTargetClass())) > own)
            .forEach(d -> events.add(SimpleConditionEvent.violated(item, d.getDescription())));
      }
    };
  }

  private static boolean implementOnePort(List<JavaClass> types) {
    return types.stream()
        .map(
            c ->
                c.getAllRawInterfaces().stream()
                    .filter(i -> i.getPackageName().endsWith(".spi"))
                    .collect(Collectors.toSet()))
        .reduce(
            (a, b) -> {
              a.retainAll(b);
              return a;
            })
        .filter(ports -> !ports.isEmpty())
        .isPresent();
  }

  private static String moduleOf(JavaClass c) {
    String[] parts = c.getPackageName().split("\\.", -1);
    return parts.length > 2 ? parts[2] : "";
  }

  private static ArchCondition<JavaClass> beUsedInTheirModuleOnly() {
    return new ArchCondition<>("be used in their module only") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        item.getDirectDependenciesToSelf().stream()
            .filter(d -> !moduleOf(d.getOriginClass()).equals(moduleOf(item)))
            .forEach(d -> events.add(SimpleConditionEvent.violated(item, d.getDescription())));
      }
    };
  }

  private static ArchCondition<JavaClass> showNoThirdPartyType() {
    return new ArchCondition<>("show no third-party type in public signatures") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        Stream<JavaType> types =
            Stream.of(
                    item.getSuperclass().stream(),
                    item.getInterfaces().stream(),
                    item.getMethods().stream()
                        .filter(m -> visible(m.getModifiers()))
                        .flatMap(
                            m ->
                                Stream.concat(
                                    Stream.of(m.getReturnType()), m.getParameterTypes().stream())),
                    item.getConstructors().stream()
                        .filter(m -> visible(m.getModifiers()))
                        .flatMap(m -> m.getParameterTypes().stream()),
                    item.getFields().stream()
                        .filter(f -> visible(f.getModifiers()))
                        .map(f -> f.getType()))
                .flatMap(s -> s);
        types
            .flatMap(t -> t.getAllInvolvedRawTypes().stream())
            .map(JavaClass::getBaseComponentType)
            .filter(
                t ->
                    !t.isPrimitive()
                        && !t.getName().startsWith("java.")
                        && !t.getName().startsWith("dev.mixlaw."))
            .distinct()
            .forEach(
                t ->
                    events.add(
                        SimpleConditionEvent.violated(
                            item, item.getName() + " shows " + t.getName())));
      }

      private boolean visible(java.util.Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC)
            || modifiers.contains(JavaModifier.PROTECTED);
      }
    };
  }

  private static ArchCondition<JavaClass> neverPrint() {
    return new ArchCondition<>("never print") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        Stream<JavaAccess<?>> accesses = item.getAccessesFromSelf().stream().map(a -> a);
        accesses
            .filter(
                a ->
                    (a.getTargetOwner().isEquivalentTo(System.class)
                            && (a.getName().equals("out") || a.getName().equals("err")))
                        || a.getName().equals("printStackTrace"))
            .forEach(a -> events.add(SimpleConditionEvent.violated(item, a.getDescription())));
      }
    };
  }
}
