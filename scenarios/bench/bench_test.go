package bench

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTheBestAndTheWorstAreDropped(t *testing.T) {
	for name, c := range map[string]struct {
		values []float64
		want   Figures
	}{
		"nothing":              {nil, Figures{}},
		"one":                  {[]float64{7}, Figures{7, 7, 7}},
		"two are kept":         {[]float64{8, 2}, Figures{5, 2, 8}},
		"of three the middle":  {[]float64{100, 1, 30}, Figures{30, 30, 30}},
		"of nine seven":        {[]float64{9, 1, 8, 2, 7, 3, 6, 4, 5}, Figures{5, 2, 8}},
		"of four the two mean": {[]float64{0, 4, 2, 99}, Figures{3, 2, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(c.values)
			if diff := cmp.Diff(c.want, of(c.values)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if !slices.Equal(before, c.values) {
				t.Errorf("the rounds are in another order now: %v", c.values)
			}
		})
	}
}

func TestARatioIsOfTheSameRound(t *testing.T) {
	samples := func(values ...float64) (all []Sample) {
		for _, v := range values {
			all = append(all, Sample{Value: v})
		}
		return all
	}
	// Both become slower by and by, as on a machine that gets busy; the medians of the two by themselves say 1.5.
	rows := []Row{{Server: "a", Samples: samples(80, 60, 40, 20, 10)}, {Server: "b", Samples: samples(40, 30, 20, 10, 5)}, {Server: "c", Samples: samples(40, 0)}}
	r := conclude(Point{TFTP: &TFTP{}}, rows)
	if got := r.Rows[1].Ratio.Median; got != 2 {
		t.Errorf("faster is better: a is %g x b", got)
	}
	if got := r.Rows[2].Ratio; got != (Figures{1, 0, 2}) {
		t.Errorf("what got nothing done gives no ratio: %+v", got)
	}
	if r := conclude(Point{Boot: &Boot{}}, rows); r.Rows[1].Ratio.Median != 0.5 {
		t.Errorf("shorter is better: a is %g x b", r.Rows[1].Ratio.Median)
	}
}

func TestATableHasTheColumnsInWhichThereIsSomething(t *testing.T) {
	r := conclude(Point{Name: "tftp/x", What: "some clients", TFTP: &TFTP{}}, []Row{
		{Server: "ours", Samples: []Sample{{Value: 200, Bytes: 1e9, CPU: 2 * time.Second, Memory: 3 * mib, Load: 0.5, Cores: 1}}},
		{Server: "slow", Samples: []Sample{{Value: 12.34, Bytes: 1e9, CPU: time.Second, Memory: mib, Load: 0.25, Cores: 1, Resends: 7, Why: "client 3 says no"}}},
		{Server: "none", Error: "it has ended"},
	})
	const want = `### tftp/x: some clients

| server | MB/s | ours is | CPU s/GB | MiB | resends | load |
| ------ | ---: | ------: | -------: | --: | ------: | ---: |
| ours   |  200 |       - |     2.00 |   3 |       - | 50 % |
| slow   | 12.3 | 16.21 x |     1.00 |   1 |       7 | 25 % |
| none   |    - |       - |        - |   - |       - |    - |

slow: client 3 says no

none: it has ended

`
	var s strings.Builder
	if err := r.Text(&s); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, s.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	picture := SVG([]Result{r})
	for _, want := range []string{`width="560" height="14" fill="#0a6"`, `width="34" height="14" fill="#124"`, ">failed</text>", ">12.3</text>"} {
		if !strings.Contains(picture, want) {
			t.Errorf("the picture has no %s:\n%s", want, picture)
		}
	}
}

func TestPhasesAreASecondTable(t *testing.T) {
	r := conclude(Point{Boot: &Boot{}}, []Row{{Server: "ours", Samples: []Sample{{Value: 3, Phases: []Phase{{"firmware", 2 * time.Second}, {"files", time.Second}}}}}, {Server: "none", Error: "it has ended"}})
	var s strings.Builder
	r.phases(&s)
	if want := "| ours      |   2.00 s | 1.00 s |\n"; !strings.HasSuffix(s.String(), want) {
		t.Errorf("%q", s.String())
	}
}

func TestPointsHaveNamesOfTheirOwnAndOneLoadEach(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Points() {
		if seen[p.Name] {
			t.Errorf("there are two points %s", p.Name)
		}
		seen[p.Name] = true
		loads := 0
		for _, has := range []bool{p.TFTP != nil, p.Tool != nil, p.HTTP != nil, p.DHCP != nil, p.Storm != nil, p.Boot != nil} {
			if has {
				loads++
			}
		}
		if loads != 1 || p.What == "" {
			t.Errorf("%s has %d loads, %q", p.Name, loads, p.What)
		}
		// A block's number has 16 bits, and not every server begins anew.
		if f := p.TFTP; f != nil && f.Size/int64(f.Blksize) > 65000 {
			t.Errorf("%s: a file of %d blocks", p.Name, f.Size/int64(f.Blksize))
		}
	}
	if all, err := Choose(`window=16$`); err != nil || len(all) != 18 {
		t.Errorf("%d points with this window, %v", len(all), err)
	}
	if _, err := Choose("nosuch"); err == nil {
		t.Error("nothing is chosen, and that is no error")
	}
}

func TestAPointIsScaledByItself(t *testing.T) {
	p := Point{TFTP: &TFTP{Size: 1000}}
	if q := p.Scaled(0.1); q.TFTP.Size != 100 || p.TFTP.Size != 1000 {
		t.Errorf("%d of %d", q.TFTP.Size, p.TFTP.Size)
	}
	if q := (Point{HTTP: &HTTP{Files: 2000, Size: 7}}).Scaled(0.01); *q.HTTP != (HTTP{20, 7}) {
		t.Errorf("%+v", q.HTTP)
	}
}

func TestServersAreForWhatTheyServe(t *testing.T) {
	file, iso, http, dhcp := Point{TFTP: &TFTP{}}, Point{TFTP: &TFTP{In: ISO}}, Point{HTTP: &HTTP{}}, Point{DHCP: &DHCP{}}
	for kind, want := range map[string][]bool{
		"ours": {true, true, true, true}, "dnsmasq": {true, false, false, true}, "tftp-hpa": {true, false, false, false},
		"nginx": {false, false, true, false}, "cmd": {true, false, true, true},
	} {
		var got []bool
		for _, p := range []Point{file, iso, http, dhcp} {
			got = append(got, Server{Kind: kind}.Can(p))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", kind, diff)
		}
	}
}

func TestAServerThatIsNoneIsNamed(t *testing.T) {
	t.Setenv("BOOTRIG_CACHE", t.TempDir())
	for name, want := range map[string]string{
		"nosuch":       `there is no server "nosuch": ours, dnsmasq,`,
		"ours@2":       "it is part of this program",
		"cmd: ":        "there is no command",
		"tftp-hpa@7.3": "`.ci/deps bench` unpacks",
	} {
		if _, err := Find(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := Find("cmd:/usr/sbin/own {root} -a {addr}:69")
	if argv, _ := s.command(site{root: "/r"}); err != nil || s.Name != "own" || !slices.Equal(argv, []string{"/usr/sbin/own", "/r", "-a", "10.44.0.2:69"}) {
		t.Errorf("%q %q %v", s.Name, argv, err)
	}
}

func TestTheLoadHasACoreOfItsOwn(t *testing.T) {
	if c, err := share([]int{0, 2, 5}, 1); err != nil || c.String() != "server on core 0, load on core 2, 5" {
		t.Errorf("%v, %v", c, err)
	}
	if c, err := share([]int{0}, 1); err == nil || !strings.Contains(err.Error(), "this machine has 1") {
		t.Errorf("%v, %v", c, err)
	}
}

// The times are those at which facts of a boot come.
func TestPhasesOfABootAreWhatItsWireAndConsoleShow(t *testing.T) {
	on := time.Unix(0, 0)
	m := moments{asked: on.Add(5 * time.Second), loaded: on.Add(6 * time.Second), fetched: on.Add(9 * time.Second), started: on.Add(20 * time.Second)}
	want := Sample{Value: 20, Clients: 1, Phases: []Phase{
		{"firmware, DHCP", 5 * time.Second}, {"boot program", time.Second}, {"menu, files", 3 * time.Second}, {"to the kernel", 11 * time.Second},
	}}
	if diff := cmp.Diff(want, m.sample(on)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAStormHasRoomForAll(t *testing.T) {
	const lines = "server x\n-- x --\nenable-tftp\ntftp-root=/a\n"
	if got, want := string(crowded([]byte(lines))), "server x\n-- x --\nenable-tftp\ntftp-max=8000\ntftp-root=/a\n"; got != want {
		t.Errorf("%q", got)
	}
	for _, p := range Points() {
		if p.Storm == nil {
			continue
		}
		if text, err := os.ReadFile("../../" + p.Storm.Scenario); err != nil || string(crowded(text)) == string(text) {
			t.Errorf("%s: %s has no line enable-tftp; %v", p.Name, p.Storm.Scenario, err)
		}
	}
}
