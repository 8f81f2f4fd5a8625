package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/page"
	"anxin/model"
	"anxin/model/store"
)

// preferences are this laptop's own small settings, kept sealed in the store:
// the toolkit's own file can be left empty by a kill.
type preferences struct {
	mu     sync.Mutex
	store  *store.Store
	kept   map[string]string
	screen *screen // what is known before unlocking
	notice string  // to be said once the shell stands
}

// settingPreferences is where the store keeps them.
const settingPreferences = "desktop.preferences"

var errLocked = model.ErrLocked

// open reads what the store keeps; what was set before it was open stays.
func (p *preferences) open(ctx context.Context, s *store.Store) error {
	text, err := s.Setting(ctx, settingPreferences)
	if err != nil {
		return err
	}
	kept := map[string]string{}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &kept); err != nil {
			return fmt.Errorf("读取本机设置: %w", err)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, v := range p.kept {
		kept[k] = v
	}
	p.store, p.kept = s, kept
	return nil
}

// onScreen reads what a data folder keeps for the unlock screen, and keeps it
// there from now on.
func (p *preferences) onScreen(dir string) *screen {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.screen == nil || p.screen.path != screenPath(dir) {
		p.screen = readScreen(dir)
	}
	return p.screen
}

// forget drops what was read: it is the office's, and the keys are leaving
// memory.
func (p *preferences) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.store, p.kept = nil, map[string]string{}
}

// Get returns a setting, "" when there is none.
func (p *preferences) Get(key string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kept[key]
}

// Set keeps a setting.
func (p *preferences) Set(key, value string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept[key] == value {
		return
	}
	p.kept[key] = value
	if p.screen != nil {
		p.screen.Set(key, value)
	}
	if p.store == nil {
		return
	}
	text, err := json.Marshal(p.kept)
	if err == nil {
		err = p.store.SetSetting(context.Background(), settingPreferences, string(text))
	}
	if err != nil {
		fyne.LogError("keeping a preference", err)
	}
}

// idle is how long without a touch until the program locks itself.
func (p *preferences) idle() time.Duration {
	text := p.Get(page.PrefLock)
	if text == "" {
		text = page.DefaultLock
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(n) * time.Minute
}
