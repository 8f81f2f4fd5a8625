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
	for _, line := range []string{"Name = \"" + appName + "\"", "ID = \"" + appID + "\"", "Version = \"" + appVersion + "\"", fmt.Sprintf("Build = %d", appBuild)} {
		if !strings.Contains(string(raw), line) {
			t.Errorf("FyneApp.toml lacks %s", line)
		}
	}
}
