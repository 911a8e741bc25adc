package matrix

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/steps"
)

func TestTable(t *testing.T) {
	rows := []Row{
		{"lab/bios.txtar", "ipxe-bios@2.0.0", "e1000", "pc"},
		{"lab/bios.txtar", "ipxe-bios@2.0.0", "vmxnet3", "pc"},
		{"lab/bios.txtar", "ipxe-bios@2.0.0", "e1000", "q35"},
		{"lab/http.txtar", "ovmf-x64-http@2026.08", "", ""},
	}
	passed := runner.Result{Outcome: runner.Passed, Elapsed: 6800 * time.Millisecond}
	slower := runner.Result{Outcome: runner.Passed, Elapsed: 12 * time.Second}
	records := []Record{
		Of(rows[0], "ours", passed), Of(rows[1], "ours", slower), Of(rows[2], "ours", passed), Of(rows[3], "ours", slower),
		Of(rows[0], "dnsmasq", passed),
		Of(rows[1], "dnsmasq", runner.Result{Outcome: runner.Failed, Failure: &steps.Failure{Step: "expect pc got x", Reason: "it never came", Cause: "no | offer"}}),
		Of(rows[2], "dnsmasq", runner.Result{Outcome: runner.Failed, Failure: &steps.Failure{Step: "expect pc got x", Reason: "it never came"}}),
		Of(rows[3], "dnsmasq", runner.Result{Outcome: runner.NotTested, Reason: "it serves no HTTP\nat all"}),
	}
	const want = `| path | firmware | cards | ours | dnsmasq | cmd:x |
| --- | --- | --- | --- | --- | --- |
| [bios](lab/bios.txtar) | ipxe-bios@2.0.0 | pc: e1000, vmxnet3; q35: e1000 | 3 of 3: 7-12 s | 1 of 3: 7 s; vmxnet3 on pc: failed: no \| offer; e1000 on q35: failed: expect pc got x: it never came | - |
| [http](lab/http.txtar) | ovmf-x64-http@2026.08 | its own | 12 s | not tested: it serves no HTTP | - |
`
	var got strings.Builder
	if err := Table(&got, rows, []string{"ours", "dnsmasq", "cmd:x"}, records); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestReadEndsWhereTheWriterDid is about a matrix that was stopped while it wrote.
func TestReadEndsWhereTheWriterDid(t *testing.T) {
	whole := Of(Row{"lab/bios.txtar", "ipxe-bios@2.0.0", "e1000", "pc"}, "ours", runner.Result{Outcome: runner.Passed, Elapsed: time.Second})
	line, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read([]byte(string(line) + "\n" + string(line[:40])))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Record{whole}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := Read([]byte("no JSON")); err == nil {
		t.Error("what is no record is read")
	}
}
