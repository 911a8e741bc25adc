package taptest

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/must"
)

// withoutMain plays a package that has no TestMain of ours.
const withoutMain = "BOOTRIG_TAPTEST_WITHOUT_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(withoutMain) == "" {
		Child(m)
	}
	m.Run()
}

func TestInside(t *testing.T) {
	outside, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		t.Skip("no namespaces here: ", err)
	}
	for _, name := range []string{"in namespaces", "even with (signs)"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("OUTSIDE", outside)
			Run(t, func(t *testing.T) {
				switch os.Getenv("PLAY") {
				case "fail":
					t.Fatal("as it was told")
				case "skip":
					t.Skip("as it was told")
				}
				if inside, _ := os.Readlink("/proc/self/ns/net"); inside == os.Getenv("OUTSIDE_FIRST") {
					t.Errorf("it is in the net namespace of the host, %s", inside)
				}
			})
		})
	}
}

// What happens inside is what happens to the test.
func TestOutcomes(t *testing.T) {
	if err := tap.Available(); err != nil {
		must.Skip(t, must.Tap, err)
	}
	outside, _ := os.Readlink("/proc/self/ns/net")
	for _, tc := range []struct {
		name, env, want string
		fails           bool
	}{
		{"passes", "", "--- PASS: TestInside/in_namespaces ", false},
		{"fails", "PLAY=fail", "as it was told", true},
		{"is skipped", "PLAY=skip", "--- SKIP: TestInside/in_namespaces ", false},
		{"has no TestMain", withoutMain + "=1", "TestMain must begin with taptest.Child(m)", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cmd := exec.Command(os.Args[0], "-test.v", "-test.run=^TestInside$/^in_namespaces$")
			cmd.Env = append(os.Environ(), "OUTSIDE_FIRST="+outside, tc.env)
			out, err := cmd.CombinedOutput()
			if (err != nil) != tc.fails || !strings.Contains(string(out), tc.want) {
				t.Errorf("%v, want %q in\n%s", err, tc.want, out)
			}
		})
	}
}
