package lambdatest

import (
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"

	"greenlight/internal/awsaccess"
	"greenlight/internal/awsaccess/awstest"
)

// Endpoint is where Access calls the fake; its host is never looked up.
const Endpoint = "http://lambda.test"

// Access calls the far side in process with awstest.As.
func (l *Lambda) Access() *awsaccess.Access { return awstest.Access(Endpoint, l.Client()) }

// FarSide presents the fake to Run. It lacks nothing.
func (l *Lambda) FarSide() FarSide { return &fakeFarSide{l: l} }

type fakeFarSide struct {
	l     *Lambda
	count atomic.Int64
}

func (f *fakeFarSide) Access() *awsaccess.Access { return f.l.Access() }
func (f *fakeFarSide) As() awsaccess.As          { return awstest.As }
func (f *fakeFarSide) Lacks(Ability) string      { return "" }

func (f *fakeFarSide) Function(_ testing.TB, versions int) string {
	name := fmt.Sprintf("f%d", f.count.Add(1))
	f.l.AddFunction(awstest.As.Account, awstest.As.Region, name)
	for v := range versions {
		f.l.AddFunction(awstest.As.Account, awstest.As.Region, name, strconv.Itoa(v+1))
	}
	return name
}

func (f *fakeFarSide) CreateAlias(_ testing.TB, function, alias, version string) {
	f.l.SetAlias(awstest.As.Account, awstest.As.Region, function, alias, version, nil)
}
