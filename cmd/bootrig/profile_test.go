package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"io"
	"os/exec"
	"strings"
	"testing"
)

func TestAProfileIsOfWhatWasAsked(t *testing.T) {
	ended, end := context.WithCancel(t.Context()) // so that a CPU is watched for a moment only
	end()
	for kind, has := range map[string]string{"cpu": "nanoseconds", "heap": "inuse_space", "goroutine": "goroutine"} {
		var lines []string
		code := profile(ended, kind, "300", func(line string) { lines = append(lines, line) })
		data, err := base64.StdEncoding.DecodeString(strings.Join(lines, ""))
		ok(t, err)
		unzipped, err := gzip.NewReader(bytes.NewReader(data))
		ok(t, err)
		text, err := io.ReadAll(unzipped)
		ok(t, err)
		if code != 0 || !bytes.Contains(text, []byte(has)) {
			t.Errorf("%s: exit %d, and %q is not in %d bytes", kind, code, has, len(text))
		}
	}
	for _, asked := range [][2]string{{"cpu", "0"}, {"cpu", "301"}, {"cpu", ""}, {"threads", "1"}} {
		var said string
		if code := profile(ended, asked[0], asked[1], func(line string) { said += line }); code != 1 || !strings.Contains(said, "is no ") {
			t.Errorf("%q: exit %d, %q", asked, code, said)
		}
	}
}

// net/http/pprof puts itself behind every http.DefaultServeMux: who links it may serve it without knowing.
func TestNothingServesProfilesByHTTP(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").CombinedOutput()
	ok(t, err)
	for pkg := range strings.FieldsSeq(string(out)) {
		if pkg == "net/http/pprof" {
			t.Error("the program has net/http/pprof")
		}
	}
}
