package loader

import (
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/emulator/tftp"
)

// A fixed is firmware at work that asks for files by names of its own, and for those that its config.txt says instead.
type fixed struct {
	*env
	its    *rom.Fixed
	prefix string
	files  map[string][]byte
}

// runFixed reads what the board's ROM reads, finds out whether its files are below its serial, and boots a kernel of them.
func runFixed(e *env) {
	f := &fixed{env: e, its: e.Profile.Fixed, files: map[string][]byte{}}
	for n, name := range f.its.First {
		if _, ok := f.read(name, ""); !ok && n == 0 {
			f.fail("No "+name, name+" is not there")
		}
	}
	f.place()
	for _, name := range f.its.Reads {
		name, must := strings.CutSuffix(name, "*")
		if _, ok := f.own(f.setting(name)); !ok && must {
			f.fail("Firmware not found", f.prefix+name+" is not there")
		}
	}
	f.kernel()
}

// place decides on the prefix: one of the probes is below the serial, or all files are at the top.
func (f *fixed) place() {
	serial := rom.Serial(f.Handover.MAC) + "/"
	for _, name := range f.its.Probes {
		if f.there(serial + name) {
			f.prefix = serial
			return
		}
	}
	f.say("no files below %s", serial)
}

// own reads a file below the prefix.
func (f *fixed) own(name string) ([]byte, bool) {
	content, ok := f.read(f.prefix+name, f.Profile.TFTP.Options)
	if ok {
		f.files[name] = content
	}
	return content, ok
}

// there asks for the size of a file and stops, as tcpdump shows before every file (raspberrypi/firmware#1605).
func (f *fixed) there(name string) bool {
	_, err := f.ask(name, f.Profile.TFTP.Options, true)
	return err == nil
}

func (f *fixed) read(name, options string) ([]byte, bool) {
	content, err := f.ask(name, options, false)
	if err == nil {
		f.say("%s: %d bytes", name, len(content))
	}
	return content, err == nil
}

func (f *fixed) ask(name, options string, probe bool) ([]byte, *tftp.Error) {
	f.port++
	content, err := f.transfer(tftp.New(f.now, tftp.Config{
		Local: netip.AddrPortFrom(f.Handover.Addr, f.port), Server: netip.AddrPortFrom(f.Handover.Server, 69), Name: name,
		Options: options, Patience: f.Profile.TFTP.Patience, NoWrap: f.Profile.TFTP.NoWrap, Memory: f.Memory, Probe: probe,
	}), time.Time{})
	if err != nil && (err.Reason == tftp.OpenTimeout || err.Reason == tftp.ReadTimeout) {
		f.silence = err.Text
	}
	return content, err
}

// setting is the name that config.txt has in the place of one: kernel=, cmdline=, device_tree=.
func (f *fixed) setting(name string) string {
	keys := map[string]string{"cmdline.txt": "cmdline"}
	if strings.HasSuffix(name, ".dtb") && !strings.Contains(name, "/") {
		keys[name] = "device_tree"
	}
	if value := f.config(keys[name]); value != "" {
		return value
	}
	return name
}

// config is a value of config.txt. Filters such as [pi4] are not read.
func (f *fixed) config(key string) (value string) {
	for line := range strings.Lines(string(f.files["config.txt"])) {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), "="); ok && k == key {
			value = strings.TrimSpace(v)
		}
	}
	return value
}

// kernel reads the one that config.txt names, or the first there is, and its initramfs.
func (f *fixed) kernel() {
	names := f.its.Kernels
	if name := f.config("kernel"); name != "" {
		names = []string{name}
	}
	args := strings.TrimSpace(string(f.files[f.setting("cmdline.txt")]))
	for _, name := range names {
		content, ok := f.own(name)
		if !ok {
			continue
		}
		modules := []Module{NewModule(name, args, content)}
		for line := range strings.Lines(string(f.files["config.txt"])) {
			if words := strings.Fields(line); len(words) > 1 && words[0] == "initramfs" {
				initrd, ok := f.own(words[1])
				if !ok {
					f.fail("initramfs not found", f.prefix+words[1]+" is not there")
				}
				modules = append(modules, NewModule(words[1], "", initrd))
			}
		}
		f.end(Outcome{Handoff: &Handoff{Kind: "linux", Cmdlines: []string{args}, Modules: modules}})
	}
	f.fail("kernel not found", f.prefix+names[0]+" is not there, nor another kernel")
}
