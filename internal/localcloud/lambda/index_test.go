package lambda

import (
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// Names without a function leave nothing behind.
func TestIndexForgetsNamesWithoutAFunction(t *testing.T) {
	c := newCloud(t, func(o *Options) { o.CodeStorage = 1 })
	_, err := c.CreateFunction(t.Context(), &client.CreateFunctionInput{
		FunctionName: name, Role: aws.String(testRole), Handler: aws.String("bootstrap"),
		Runtime: types.RuntimeProvidedal2023, Code: codeInputOf(t, "f"),
	})
	wantCode(t, err, "CodeStorageExceededException", "")
	if left := c.service.functions.scopes; len(left) != 0 {
		t.Errorf("after a refusal: %v", left)
	}
	d := newCloud(t)
	d.create("f")
	d.create("g")
	must(d.invoke(client.InvokeInput{}))(t)
	must(d.DeleteFunction(t.Context(), &client.DeleteFunctionInput{FunctionName: name}))(t)
	if left := d.service.functions.scopes[scope{testAccount, testRegion}]; len(left) != 1 || left["g"] == nil {
		t.Errorf("after a deletion: %v", left)
	}
	if got := d.pool.forgot; len(got) != 1 || got[0] != "f" {
		t.Errorf("the pool has forgotten %q", got)
	}
}

// Of those who claim a name at the same time, all see what the one before did,
// although the entry comes and goes.
func TestIndexClaimsOfOneNameFollowEachOther(t *testing.T) {
	var x index
	id := functionID{testAccount, testRegion, "f"}
	const callers, rounds = 8, 1000
	var created, deleted int // by those who hold the claim
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for range rounds {
				e, release := x.claim(id)
				if e.current.Load() == nil {
					e.current.Store(&function{id: id})
					created++
				} else {
					e.current.Store(nil)
					deleted++
				}
				release()
			}
		})
	}
	all.Wait()
	if created != callers*rounds/2 || deleted != created || len(x.scopes) != 0 {
		t.Errorf("created %d, deleted %d, left %v", created, deleted, x.scopes)
	}
}
