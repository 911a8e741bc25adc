package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

// VersionCmd is `bootrig version`.
type VersionCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// A version is what this program was built of.
type version struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Modified bool   `json:"modified,omitempty"` // the files differed from the revision
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// released is set by who packages a release: -ldflags "-X main.released=1.2.3".
var released string

func thisVersion() version {
	v := version{Version: released, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		v.Version = cmp.Or(v.Version, "unknown")
		return v
	}
	v.Version = cmp.Or(v.Version, info.Main.Version, "unknown")
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

// Run prints it.
func (c *VersionCmd) Run() error {
	v := thisVersion()
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(v)
	}
	revision := ""
	if len(v.Revision) >= 12 {
		revision = ", revision " + v.Revision[:12]
		if v.Modified {
			revision += " with changes"
		}
	}
	fmt.Printf("bootrig %s%s, %s, %s\n", v.Version, revision, v.Go, v.Platform)
	return nil
}
