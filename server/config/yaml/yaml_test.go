package yaml

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	goyaml "github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/policy"
)

var update = flag.Bool("update", false, "write the schema")

// same compares what configurations say, whichever lines say it.
func same() cmp.Options {
	return cmp.Options{
		cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{}, netip.Prefix{}), cmpopts.EquateEmpty(),
		cmpopts.IgnoreFields(config.Config{}, "YAML", "Files", "Sought", "Watched", "Notices"), cmpopts.IgnoreUnexported(policy.Policy{}),
		cmp.FilterPath(func(p cmp.Path) bool { return strings.HasSuffix(p.Last().String(), "Rule") }, cmp.Ignore()),
	}
}

// back reads what was printed of a configuration.
func back(t *testing.T, cfg *config.Config) *config.Config {
	t.Helper()
	printed := Print(cfg)
	got, err := Parse("bootrig.yaml", printed)
	if err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	return got
}

func TestEveryConfigurationOfDnsmasqSurvives(t *testing.T) {
	names, _ := filepath.Glob("../../../scenarios/conformance/testdata/*/*.conf")
	more, _ := filepath.Glob("../../../testdata/dnsmasq/*.conf")
	if names = append(names, more...); len(names) < 100 {
		t.Fatalf("only %d configurations", len(names))
	}
	schema := compiled(t)
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			want, err := dnsmasq.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(decoded(t, Print(want))); err != nil {
				t.Errorf("%v\n%s", err, Print(want))
			}
			if diff := cmp.Diff(want, back(t, want), same()); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, Print(want))
			}
		})
	}
}

func TestTheSchemaIsPublished(t *testing.T) {
	if *update {
		if err := os.WriteFile("bootrig.schema.json", generated(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(generated()), string(Schema())); diff != "" {
		t.Errorf("bootrig.schema.json is not what the reader reads: go test ./server/config/yaml -update (-want +got):\n%s", diff)
	}
}

// decoded is a document as a checker of schemas wants it.
func decoded(t testing.TB, text []byte) any {
	t.Helper()
	var v any
	if err := goyaml.Unmarshal(text, &v); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	v, err = jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
