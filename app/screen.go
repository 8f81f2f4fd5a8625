package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"

	"fyne.io/fyne/v2"

	"anxin/app/page"
	"anxin/app/shell"
)

// screenFile lies in the data folder and holds, in the clear, what the unlock
// screen looks like: it is read before there is a key, and tells nothing about
// anybody.
const screenFile = "screen.json"

// onScreen are the preferences that the unlock screen needs as well.
var onScreen = map[string]bool{shell.SettingSize: true, page.PrefLanguage: true, page.PrefScale: true}

// screen keeps them. A file that cannot be read or written only means that the
// window opens as at first.
type screen struct {
	mu   sync.Mutex
	path string
	kept map[string]string
}

func screenPath(dir string) string { return filepath.Join(dir, screenFile) }

func readScreen(dir string) *screen {
	s := &screen{path: screenPath(dir), kept: map[string]string{}}
	raw, err := os.ReadFile(s.path)
	if err == nil && json.Unmarshal(raw, &s.kept) != nil {
		s.kept = map[string]string{}
	}
	return s
}

// Get returns what is kept, "" for nothing.
func (s *screen) Get(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[key]
}

// Set keeps a preference of the screen and passes over others.
func (s *screen) Set(key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !onScreen[key] || s.kept[key] == value {
		return
	}
	s.kept[key] = value
	raw, err := json.Marshal(s.kept)
	if err == nil {
		err = os.WriteFile(s.path+".new", raw, 0o600)
	}
	if err == nil {
		err = os.Rename(s.path+".new", s.path)
	}
	if err != nil {
		fyne.LogError("keeping the size of the window", err)
	}
}
