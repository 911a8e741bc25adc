package must

import (
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ended notes how a test was ended.
type ended struct {
	testing.TB
	how string
}

func (e *ended) Helper()               {}
func (e *ended) Skip(...any)           { e.how = "skipped" }
func (e *ended) Fatalf(string, ...any) { e.how = "failed"; panic(e) }

func TestASkipIsRedWhereTheMachineMustHaveIt(t *testing.T) {
	got, told := map[string]string{}, map[string]string{}
	for _, promised := range []string{"", "sim", "sim,tap", "qemu", "tapioca"} {
		t.Setenv("BOOTRIG_MUST", promised)
		e := &ended{TB: t}
		func() {
			defer func() { _ = recover() }()
			skip(e, func(line string) { told[promised] = line }, Tap, "no TAP\nand more")
		}()
		got[promised] = e.how
	}
	want := map[string]string{"": "skipped", "sim": "skipped", "sim,tap": "failed", "qemu": "skipped", "tapioca": "skipped"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("by BOOTRIG_MUST (-want +got):\n%s", diff)
	}
	const line = "not tested, for lack of tap: no TAP"
	if diff := cmp.Diff(map[string]string{"": line, "sim": line, "qemu": line, "tapioca": line}, told); diff != "" {
		t.Errorf("what is said (-want +got):\n%s", diff)
	}
}

// lack makes TestSomethingIsLacking lack its value.
const lack = "BOOTRIG_TEST_LACK"

func TestSomethingIsLacking(t *testing.T) {
	for range 3 {
		t.Run("part", func(t *testing.T) {
			if what := os.Getenv(lack); what != "" {
				Skip(t, what, fmt.Sprintf("the %s\nis not here", what))
			}
		})
	}
}
