package main

import (
	"os"
	"runtime"
	"strings"

	fynelang "fyne.io/fyne/v2/lang"

	"anxin/app/lang"
	"anxin/app/office"
)

// tongueAtFirst is the language a window opens in: the one asked for on the
// command line; at the first run that of the system, until the officer chooses.
func tongueAtFirst(asked, data string) string {
	switch {
	case asked != "":
		return asked
	case office.Exists(data):
		return lang.Languages[0] // what was chosen there is read with it
	}
	return tongueOf(systemTongue())
}

// systemTongue is how the system names its language, such as "zh_CN.UTF-8" or
// "en-GB"; "" where it says nothing.
func systemTongue() string {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return string(fynelang.SystemLocale())
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if tongue := os.Getenv(name); tongue != "" {
			return tongue
		}
	}
	return ""
}

// tongueOf is the language of ours that serves a system's best: Chinese unless
// the system speaks English, which "C" does not say.
func tongueOf(system string) string {
	if head := strings.FieldsFunc(strings.ToLower(system), func(r rune) bool { return r < 'a' || r > 'z' }); len(head) > 0 && head[0] == "en" {
		return "en"
	}
	return lang.Languages[0]
}
