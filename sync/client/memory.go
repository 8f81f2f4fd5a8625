package client

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"anxin/model"
	"anxin/sync/wire"
)

// What the client keeps between cycles, as settings of the store.
const (
	settingHome       = "sync.hub"
	settingKeys       = "sync.keys"
	settingCheckpoint = "sync.checkpoint"
	settingNonce      = "sync.nonce"
	// settingPass is the hub's newest word what this laptop may do.
	settingPass     = "sync.pass"
	settingAssigned = "sync.assigned"
	// settingLife is what this machine drew for the epoch it is in.
	settingLife = "sync.life"
	// settingHubEpoch is the life of the hub last met; settingRefill is set
	// while a hub that was put back is being refilled.
	settingHubEpoch = "sync.hub_epoch"
	settingRefill   = "sync.refill"
	// settingAgain is the operation after which such a hub must be told again what
	// it had answered for, where no line reaches it.
	settingAgain = "sync.again"
	// settingRefused is set when the hub refused something it was refilled with.
	settingRefused = "sync.refused"
	// settingReread is set from the beginning of a new epoch until the feeds
	// have been started over: what another machine did under this laptop's name
	// was left out of what this one read.
	settingReread   = "sync.reread"
	settingBackedUp = "sync.backed_up"
	// settingMoved is when the hub last answered for something new, or nothing
	// was waiting; settingAlarm keeps a contradiction of the hub for people.
	settingMoved = "sync.moved"
	settingAlarm = "sync.alarm"
	// settingScopes are the scopes granted when last looked; settingGone lists
	// records that left one, written before the page that says so is taken.
	settingScopes = "sync.scopes"
	settingGone   = "sync.gone"
	// settingUnsent lists files of own revisions the hub may lack; it is
	// written before the revisions are acknowledged. settingWanted lists files
	// of pulled revisions this laptop may lack, settingPapers those of them that
	// are issued papers; both are written before the revisions are kept. So no
	// file is ever forgotten.
	settingUnsent = "sync.unsent"
	settingWanted = "sync.wanted"
	settingPapers = "sync.papers"
	// settingShed lists files of records that left this laptop, or were about to.
	settingShed = "sync.shed"
)

// home is the hub this laptop joined.
type home struct {
	URL string   `json:"url"`
	Pin []byte   `json:"pin"`
	Hub model.ID `json:"hub"`
	Key []byte   `json:"key"`
	Box []byte   `json:"box,omitempty"`
}

// load reads a setting into v and reports whether it was there.
func (c *Client) load(ctx context.Context, key string, v any) (bool, error) {
	text, err := c.opt.Store.Setting(ctx, key)
	if err != nil || text == "" {
		return false, err
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return false, fmt.Errorf("本机的同步设置“%s”已损坏，请重新入网: %w", key, err)
	}
	return true, nil
}

func (c *Client) save(ctx context.Context, key string, v any) error {
	text, err := wire.JSON(v)
	if err != nil {
		return err
	}
	return c.opt.Store.SetSetting(ctx, key, string(text))
}

// drawn is the life drawn for an epoch.
type drawn struct {
	Epoch int    `json:"epoch"`
	Life  string `json:"life"`
}

// life names this machine's run through the present epoch; it is kept before it
// is told.
func (c *Client) life(ctx context.Context) (string, error) {
	var d drawn
	epoch := c.opt.Store.Device().Epoch
	if _, err := c.load(ctx, settingLife, &d); err != nil || d.Epoch == epoch {
		return d.Life, err
	}
	d = drawn{Epoch: epoch, Life: fmt.Sprintf("%016x%016x", c.opt.Random(math.MaxInt64), c.opt.Random(math.MaxInt64))}
	return d.Life, c.save(ctx, settingLife, d)
}

// note adds names to one of the lists kept.
func (c *Client) note(ctx context.Context, key string, shas []string) error {
	if len(shas) == 0 {
		return nil
	}
	var list []string
	if _, err := c.load(ctx, key, &list); err != nil {
		return err
	}
	before := len(list)
	list = append(list, shas...)
	slices.Sort(list)
	if list = slices.Compact(list); len(list) == before {
		return nil
	}
	return c.save(ctx, key, list)
}

// forget takes names out of one of the lists kept.
func (c *Client) forget(ctx context.Context, key string, shas []string) error {
	var list []string
	if _, err := c.load(ctx, key, &list); err != nil {
		return err
	}
	before := len(list)
	list = slices.DeleteFunc(list, func(sha string) bool { return slices.Contains(shas, sha) })
	if len(list) == before {
		return nil
	}
	return c.save(ctx, key, list)
}

// files are the hashes of the bytes revisions speak of.
func files(revs []model.Revision) []string {
	var out []string
	for _, r := range revs {
		for _, sha := range filesOf(r) {
			if wire.CheckHash(sha) == nil {
				out = append(out, sha)
			}
		}
	}
	return out
}

// hashesIn are those of a list the hub sent that are hashes.
func hashesIn(list []string) (out []string) {
	for _, sha := range list {
		if wire.CheckHash(sha) == nil && len(out) < wire.MaxAsk {
			out = append(out, sha)
		}
	}
	return out
}

func filesOf(r model.Revision) []string {
	switch r.Kind {
	case model.KindEvidence:
		if e, err := model.As[model.Evidence](r.Body); err == nil {
			return []string{e.SHA256}
		}
	case model.KindDocument:
		if d, err := model.As[model.Document](r.Body); err == nil && d.Issued != nil {
			return []string{d.Issued.PDF}
		}
	case model.KindWageRoll:
		if w, err := model.As[model.WageRoll](r.Body); err == nil {
			return []string{w.SHA256}
		}
	}
	return nil
}
