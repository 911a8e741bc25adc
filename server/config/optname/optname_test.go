package optname

import "testing"

func TestNames(t *testing.T) {
	all := Names()
	if len(all) < 60 {
		t.Fatalf("only %d names", len(all))
	}
	seen := map[string]bool{}
	for _, name := range all {
		code, of, found := Find(name)
		back, same := Of(code)
		if !found || back != name || same != of || seen[name] || code < 1 || code > 255 {
			t.Errorf("%s: option %d of %+v is %s of %+v", name, code, of, back, same)
		}
		seen[name] = true
	}
}

func TestTypes(t *testing.T) {
	for name, want := range map[string]struct {
		code int
		of   Type
	}{
		"router":      {3, Type{Addrs: true}},
		"MTU":         {26, Type{Size: 2}},
		"domain-name": {15, Type{Name: true}},
		"T1":          {58, Type{Time: true}},
		"lease-time":  {51, Type{Time: true, Internal: true}},
		"user-class":  {77, Type{}},
	} {
		if code, of, _ := Find(name); code != want.code || of != want.of {
			t.Errorf("%s: option %d of %+v", name, code, of)
		}
	}
	if _, _, found := Find("no-such"); found {
		t.Error("an option that nobody knows was found")
	}
	if name, of := Of(175); name != "" || of != (Type{}) {
		t.Errorf("option 175 is %q of %+v", name, of)
	}
}
