package explain_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/explain"
)

var update = flag.Bool("update", false, "write what is said into testdata")

// Each file of testdata is a client, a configuration, and the story: read them, they are short.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			story := tell(t, archive)
			var got bytes.Buffer
			story.Print(&got)
			want := section(archive, "want")
			if *update {
				want.Data = got.Bytes()
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if _, err := json.Marshal(story); err != nil {
				t.Error(err)
			}
			for _, step := range story.Steps {
				if step.Rule == "" || step.Reason == "" {
					t.Errorf("%s: no rule or no reason: %+v", step.Asked, step)
				}
			}
		})
	}
}

func tell(t *testing.T, archive *txtar.Archive) explain.Story {
	t.Helper()
	client, err := explain.ParseClient(string(section(archive, "client").Data))
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := dnsmasq.Parse("dnsmasq.conf", section(archive, "dnsmasq.conf").Data)
	if err != nil {
		t.Fatal(err)
	}
	link, ok := explain.On(explain.Links(cfg), client)
	if !ok {
		t.Fatal("no link")
	}
	story := explain.Explain(cfg, link, client)
	tree := fstest.MapFS{}
	for _, f := range archive.Files {
		if name, served := strings.CutPrefix(f.Name, "tftp/"); served {
			tree[name] = &fstest.MapFile{Data: f.Data, Mode: 0o644}
		}
	}
	if len(tree) > 0 {
		story.Look(content.FS(tree, "/tftpboot"))
	}
	return story
}

func section(archive *txtar.Archive, name string) *txtar.File {
	for i := range archive.Files {
		if archive.Files[i].Name == name {
			return &archive.Files[i]
		}
	}
	return &txtar.File{}
}

// What a Teller tells of a client does not depend on whom it told of before.
func TestATellerForgets(t *testing.T) {
	for name, conf := range map[string]string{
		"a proxy": "port=0\ndhcp-range=10.0.0.0,proxy,255.0.0.0\ndhcp-boot=a\ndhcp-host=52:54:00:12:34:56,set:x\n",
		"leases":  "port=0\ndhcp-range=10.0.0.10,10.0.0.11\ndhcp-boot=a\n",
	} {
		cfg, err := dnsmasq.Parse("x", []byte(conf))
		if err != nil {
			t.Fatal(err)
		}
		teller, link := explain.New(cfg), explain.Links(cfg)[0]
		for _, words := range []string{"mac=52:54:00:00:00:01", "mac=52:54:00:00:00:02", "arch=7", "mac=52:54:00:00:00:03", ""} {
			client, err := explain.ParseClient(words)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := json.Marshal(explain.Explain(cfg, link, client))
			got, _ := json.Marshal(teller.Explain(link, client))
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s, %q (-want +got):\n%s", name, words, diff)
			}
		}
	}
}
