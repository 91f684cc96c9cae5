package dev.mixlaw;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
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
import java.util.stream.Stream;

/** The walls and arrows between modules. */
@AnalyzeClasses(packages = "dev.mixlaw", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule apiKnowsNoOtherModule =
      noClasses()
          .that()
          .resideInAPackage("dev.mixlaw.api..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages("dev.mixlaw.api..", "java..", "org.jspecify..");

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

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("dev.mixlaw.(*).(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theLibraryPrintsNothing =
      ArchRuleDefinition.classes()
          .that()
          .resideOutsideOfPackage("dev.mixlaw.samples..")
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
