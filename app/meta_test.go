package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestMetadataIsWhatFyneAppSays(t *testing.T) {
	raw, err := os.ReadFile("../FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"Name = \"" + appName + "\"", "ID = \"" + appID + "\"", "Version = \"" + appVersion + "\"", fmt.Sprintf("Build = %d", appBuild), "fyneDo = true"} {
		if !strings.Contains(string(raw), line) {
			t.Errorf("FyneApp.toml lacks %s", line)
		}
	}
}

// The toolkit looks for wrong goroutines in our own runs, which fail on what it
// finds, and only there.
func TestOnlyWatchedRunsLookForWrongGoroutines(t *testing.T) {
	for _, watched := range []bool{false, true} {
		if got, ok := metadata(watched).Migrations["fyneDo"]; !ok || got == watched {
			t.Errorf("watched %v: fyneDo is %v, %v", watched, got, ok)
		}
	}
	raw, err := os.ReadFile("../.ci/window")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), "export "+watchVariable+"=1") {
		t.Error("the runs in the real window do not look for wrong goroutines")
	}
}
