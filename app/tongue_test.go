package main

import (
	"path/filepath"
	"strings"
	"testing"

	"anxin/app/lang"
	"anxin/app/page"
	"anxin/assets"
)

func TestTheFirstLanguageFollowsTheSystem(t *testing.T) {
	for system, want := range map[string]string{"": "zh-Hans", "C": "zh-Hans", "C.UTF-8": "zh-Hans", "POSIX": "zh-Hans", "zh_CN.UTF-8": "zh-Hans", "zh-Hans-CN": "zh-Hans",
		"fr_FR.UTF-8": "zh-Hans", "en_US.UTF-8": "en", "en-GB": "en", "en": "en", "EN_us": "en", "enm": "zh-Hans"} {
		if got := tongueOf(system); got != want {
			t.Errorf("on a system that speaks %q the screen speaks %q", system, got)
		}
	}
	d := newTestDesktop(t)
	if got := tongueAtFirst("en", d.dir); got != "en" {
		t.Errorf("asked for English, it speaks %q", got)
	}
	d.found(t)
	t.Setenv("LC_ALL", "en_US.UTF-8")
	if got := tongueAtFirst("", d.dir); got != lang.Languages[0] {
		t.Errorf("an office that is there already opens in %q", got)
	}
}

// TestTheChosenLanguageIsRemembered from the first page on, through the making of
// the office, to the next start of the program.
func TestTheChosenLanguageIsRemembered(t *testing.T) {
	d := newTestDesktop(t)
	d.enter()
	if err := d.useLanguage("en"); err != nil {
		t.Fatal(err)
	}
	d.found(t)
	d.show()
	d.shell.Lock()
	if err := lang.Load(assets.Lang, "zh-Hans"); err != nil {
		t.Fatal(err)
	}
	again := newDesktop(d.app, d.dir)
	again.runner = d.runner
	again.begin()
	defer again.close()
	if got := read(again.win); !strings.Contains(got, "Enter the passphrase") {
		t.Errorf("the next start says %q", got)
	}
	if got := readScreen(filepath.Clean(d.dir)).Get(page.PrefLanguage); got != "en" {
		t.Errorf("kept is %q", got)
	}
}
