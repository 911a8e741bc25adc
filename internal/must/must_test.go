package must

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ended notes how a test was ended.
type ended struct {
	testing.TB
	how string
}

func (e *ended) Helper()      {}
func (e *ended) Skip(...any)  { e.how = "skipped" }
func (e *ended) Fatal(...any) { e.how = "failed"; panic(e) }

func TestASkipIsRedWhereTheMachineMustHaveIt(t *testing.T) {
	got := map[string]string{}
	for _, promised := range []string{"", "sim", "sim,tap", "qemu", "tapioca"} {
		t.Setenv("BOOTRIG_MUST", promised)
		e := &ended{TB: t}
		func() {
			defer func() { _ = recover() }()
			Skip(e, Tap, "no TAP")
		}()
		got[promised] = e.how
	}
	want := map[string]string{"": "skipped", "sim": "skipped", "sim,tap": "failed", "qemu": "skipped", "tapioca": "skipped"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("by BOOTRIG_MUST (-want +got):\n%s", diff)
	}
}
