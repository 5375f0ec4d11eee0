package io.tagloom.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.conf.GuardSettings;
import io.tagloom.conf.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplosionGuardTest {
  private static GuardSettings settings(String lossFactor) {
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("training.guard.loss-factor", lossFactor);
    overrides.put("training.guard.norm-factor", "100");
    return Settings.reference(overrides).training().guard();
  }

  private static ExplosionGuard after(String lossFactor, int steps) {
    ExplosionGuard guard = new ExplosionGuard(settings(lossFactor), 2);
    for (int step = 0; step < steps; step++) {
      assertThat(guard.loss(1, "cvr", 0.01 * step)).isEmpty();
      assertThat(guard.norm(3.0)).isEmpty();
    }
    return guard;
  }

  @Test
  void aLossFarAboveTheUsualIsNamedWithItsTask() {
    // Means below a coin's log 2 count as log 2: 10 times that is 6.9.
    ExplosionGuard guard = after("10", 20);

    assertThat(guard.loss(1, "cvr", 6.5)).isEmpty();
    assertThat(guard.loss(1, "cvr", 20.0).get()).startsWith("The loss of cvr is 20.0, ");
    assertThat(guard.loss(0, "ctr", 20.0)).as("it has no steps before").isEmpty();
  }

  @Test
  void aNormFarAboveTheUsualIsRefused() {
    ExplosionGuard guard = after("10", 20);

    assertThat(guard.norm(299)).isEmpty();
    assertThat(after("10", 20).norm(301)).isPresent();
  }

  @Test
  void zeroIsOffAndTheFirstStepsAreNotJudged() {
    assertThat(after("0", 20).loss(1, "cvr", 1e6)).isEmpty();
    assertThat(after("10", 9).loss(1, "cvr", 1e6)).isEmpty();
  }
}
