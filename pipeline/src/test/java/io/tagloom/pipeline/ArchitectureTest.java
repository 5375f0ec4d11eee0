package io.tagloom.pipeline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may import whom: conf, features, training, export, pipeline, in this order. */
class ArchitectureTest {
  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(new DoNotIncludeTests())
            .importPackages("io.tagloom");
  }

  @Test
  void modulesAreImportedInOneDirection() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("conf")
        .definedBy("io.tagloom.conf..")
        .layer("features")
        .definedBy("io.tagloom.features..")
        .layer("training")
        .definedBy("io.tagloom.training..")
        .layer("export")
        .definedBy("io.tagloom.export..")
        .layer("pipeline")
        .definedBy("io.tagloom.pipeline..")
        .whereLayer("pipeline")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("export")
        .mayOnlyBeAccessedByLayers("pipeline")
        .whereLayer("training")
        .mayOnlyBeAccessedByLayers("export", "pipeline")
        .whereLayer("features")
        .mayOnlyBeAccessedByLayers("training", "export", "pipeline")
        .check(classes);
  }

  @Test
  void bigDlIsNamedInOnePackage() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.tagloom.training.bigdl..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.intel.."));
  }

  @Test
  void settingsKnowNeitherSparkNorBigDl() {
    check(
        classes()
            .that()
            .resideInAPackage("io.tagloom.conf..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.tagloom.conf..", "java..", "com.typesafe.config.."));
  }

  @Test
  void exportReadsPlainScorersOnly() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.tagloom.export..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.tagloom.training.bigdl..", "com.intel.."));
  }

  @Test
  void theStagesKnowNothingOfTheCommandLine() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "io.tagloom.pipeline.stages..",
                "io.tagloom.pipeline.bench..",
                "io.tagloom.pipeline.generate..",
                "io.tagloom.pipeline.console..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.tagloom.pipeline.command..", "picocli.."));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(classes);
  }
}
