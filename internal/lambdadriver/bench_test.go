package lambdadriver_test

import (
	"testing"

	"greenlight/internal/awsaccess/awstest"
	"greenlight/internal/lambdadriver"
	"greenlight/internal/lambdadriver/lambdatest"
)

// BenchmarkAliasCycle is what one shift of one deployment costs: GetAlias, UpdateAlias, GetProvisionedConcurrencyConfig, against
// a far side in process. The far side's own share is in the figure.
func BenchmarkAliasCycle(b *testing.B) {
	fake := lambdatest.New()
	as := awstest.As
	fake.AddFunction(as.Account, as.Region, "f", "1", "2")
	fake.SetAlias(as.Account, as.Region, "f", "live", "1", nil)
	driver := lambdadriver.New(fake.Access())
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		alias, err := driver.Alias(ctx, as, "f", "live")
		if err != nil {
			b.Fatal(err)
		}
		_, err = driver.UpdateAlias(ctx, as, lambdadriver.AliasUpdate{
			Function: "f", Name: "live", Version: "1", Weights: map[string]float64{"2": 0.1}, RevisionID: alias.RevisionID,
		})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := driver.ProvisionedConcurrency(ctx, as, "f", "live"); err != nil {
			b.Fatal(err)
		}
	}
}
