package lint_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config/yaml"
	"github.com/bootrig/bootrig/server/lint"
)

// What is found in a bootrig.yaml has its lines, and says what to do in its words.
func TestFindingsOfABootrigYAML(t *testing.T) {
	const text = `networks:
  - network: 192.168.9.0/24
tags:
  - {set: never, tags: [lab, not lab]}
boot:
  - {file: x.0, tags: lab}
  - file: undionly.kpxe
menu:
  entries:
    - {arch: alpha, text: Old, file: old.0}
offers:
  - {form: direct, arch: x64-uefi}
  - form: redirect
  - {form: direct, tags: not lab}
delays:
  - wait: 1s
  - wait: 2s
`
	cfg, err := yaml.Parse("bootrig.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if told := lint.Differences(cfg); told != nil {
		t.Errorf("dnsmasq does not read it, and yet: %v", told)
	}
	var got []string
	for _, n := range lint.Check(cfg, nil) {
		got = append(got, n.String())
	}
	want := []string{
		"bootrig.yaml: nothing is offered to x64 UEFI machines by HTTP boot: no line is for them, and they go on to their next way to boot",
		"bootrig.yaml:4: tag-if wants tag:lab and its absence, so it is for nobody: drop one of the two",
		"bootrig.yaml:4: nothing sets the tag lab, so this tag-if is for nobody: add the entry of tags or hosts that sets it: `set: lab`, unless `bootrig machines set` gives it",
		"bootrig.yaml:4: nothing asks for the tag never, so this changes nothing: add the entry that does, with tags: never, or drop this",
		"bootrig.yaml:6: nothing sets the tag lab, so this boot file is for nobody: add the entry of tags or hosts that sets it: `set: lab`, unless `bootrig machines set` gives it",
		"bootrig.yaml:7: an iPXE that runs on x86PC (0), IA32_EFI (6), x86-64_EFI (7), ARM64_EFI (11) is told to load undionly.kpxe, which is iPXE, again and again: add `script: SCRIPT` to this entry, which iPXE gets in place of the file",
		"bootrig.yaml:7: undionly.kpxe is a program for x86 BIOS, and IA32_EFI (6), x86-64_EFI (7), ARM64_EFI (11) clients are told to boot it: give them their own with an entry of boot for `arch: x64-uefi`",
		"bootrig.yaml:10: no client is of architecture Alpha (3), so nobody sees \"Old\": x86 BIOS is x86-bios, 64-bit UEFI x64-uefi",
		"bootrig.yaml:12: the form of offers is never this one: bootrig.yaml:13 is for the same clients, and the last entry wins",
		"bootrig.yaml:14: nothing sets the tag lab, so tag:!lab holds for everybody: add the entry of tags or hosts that sets it: `set: lab`, unless `bootrig machines set` gives it",
		"bootrig.yaml:16: the delay is never used: bootrig.yaml:17 is for the same clients, and the last line wins",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
