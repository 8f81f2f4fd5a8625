package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"anxin/app/office"
	"anxin/app/page"
)

// settingTold is where the store keeps what exchanges told people, until somebody
// says that it is read: an exchange beside the window is over before anybody looks.
const settingTold = "desktop.told"

// mostTold is how many sentences are kept; older ones go first.
const mostTold = 20

// told reads what exchanges told and nobody has read yet, oldest first.
func told(ctx context.Context, o *office.Office) (notes []page.HubNote, err error) {
	text, err := o.Store.Setting(ctx, settingTold)
	if err != nil || text == "" {
		return nil, err
	}
	if err := json.Unmarshal([]byte(text), &notes); err != nil {
		return nil, fmt.Errorf("读取同步中的提醒: %w", err)
	}
	return notes, nil
}

// tell keeps what an exchange told. What is told again stands once, with its
// newest time.
func tell(ctx context.Context, o *office.Office, at time.Time, texts []string) error {
	if len(texts) == 0 {
		return nil
	}
	notes, err := told(ctx, o)
	if err != nil {
		return err
	}
	for _, text := range texts {
		notes = slices.DeleteFunc(notes, func(n page.HubNote) bool { return n.Text == text })
		notes = append(notes, page.HubNote{At: at, Text: text})
	}
	raw, err := json.Marshal(notes[max(0, len(notes)-mostTold):])
	if err != nil {
		return err
	}
	return o.Store.SetSetting(ctx, settingTold, string(raw))
}

// Heard implements page.Hub.
func (r *backstage) Heard(ctx context.Context) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	return o.Store.SetSetting(ctx, settingTold, "")
}
