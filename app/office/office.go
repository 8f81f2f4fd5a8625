// Package office opens a data folder and wires the rooms of the house to one
// another: keys, journal, evidence, press, law, forms, sync and the desk of
// the officer who unlocked it. The desktop and the terminal both work on an
// Office and so do the same thing with the same data.
//
// It holds no rule and draws nothing; it is the one place beside the mains
// that may import every room.
package office

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anxin/app/casework"
	"anxin/assets"
	"anxin/forms"
	"anxin/forms/paper"
	"anxin/forms/xlsform"
	"anxin/model"
	"anxin/model/blob"
	"anxin/model/seal"
	"anxin/model/statute"
	"anxin/model/store"
	"anxin/sync/client"
	"anxin/sync/merge"
)

// Options are where an office lives and what it takes from outside.
type Options struct {
	Dir      string
	Clock    model.Clock   // nil: the machine's
	IDs      model.IDs     // nil: random UUIDv7
	Params   seal.Params   // zero: the defaults
	Identity seal.Identity // zero: a new device
	Name     string        // how the laptop calls itself at the hub
	Marks    string        // see store.Options; the programs give Marks(), a sample with a fixed identity ""
	// Upgrading is told how much is done of bringing up an older program's data;
	// see store.Options.
	Upgrading func(done float64)
}

// Marks is where a laptop keeps its high-water marks outside the data folder;
// "" where the user has no such place.
func Marks() string {
	base, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "anxin-marks")
}

// Office is an open data folder. Close it.
type Office struct {
	Dir       string
	Keys      *seal.Keys
	Store     *store.Store
	Blobs     *blob.Store
	Press     *paper.Press
	Law       *statute.Law
	Checklist *forms.Form
	Desk      *casework.Desk
	Sync      *client.Client

	ring  *client.Keyring
	packs editions
	clock model.Clock
	slot  model.ID // whose passphrase opened the folder, as the key file names it
}

// leastPassphrase is how many characters a passphrase has at least.
const leastPassphrase = 8

// SetUp is what the first run asks for.
type SetUp struct {
	Office     model.Office
	Officers   []model.Officer // the first one's passphrase opens the folder
	Passphrase string
}

// Exists tells whether a folder holds an office already.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, seal.KeyFile))
	return err == nil
}

// Create makes a new office: keys, journal, the office's own record, its
// officers. A folder that holds one already is refused.
func Create(ctx context.Context, opt Options, s SetUp) (*Office, error) {
	opt = opt.complete()
	if len(s.Officers) == 0 {
		return nil, errors.New("请至少填写一名执法人员")
	}
	if s.Office.Name == "" {
		return nil, errors.New("单位名称没有填写")
	}
	if len([]rune(s.Passphrase)) < leastPassphrase {
		return nil, fmt.Errorf("口令至少要有 %d 个字符，它是本机数据的唯一钥匙", leastPassphrase)
	}
	for i, who := range s.Officers {
		if who.Name == "" {
			return nil, fmt.Errorf("第%d名执法人员的姓名没有填写", i+1)
		}
	}
	o, first, err := begin(ctx, opt, s.Passphrase)
	if err != nil {
		return nil, err
	}
	changes := []model.Change{{ID: opt.IDs.NewID(), Record: &s.Office}}
	for i := range s.Officers {
		id := first
		if i > 0 {
			id = opt.IDs.NewID()
		}
		changes = append(changes, model.Change{ID: id, Record: &s.Officers[i]})
	}
	if _, err := o.Store.Commit(ctx, model.Batch{Author: first, Changes: changes}); err != nil {
		return nil, errors.Join(fmt.Errorf("保存单位设置: %w", err), o.Close())
	}
	return o, nil
}

// begin makes the key file and opens the rooms. A folder that was cut off
// between the key file and the first save is taken up again.
func begin(ctx context.Context, opt Options, passphrase string) (*Office, model.ID, error) {
	first := opt.IDs.NewID()
	keys, err := seal.CreateKeysAs(opt.Identity, opt.Dir, passphrase, first, opt.Params)
	if err == nil {
		o, err := wire(ctx, opt, keys, first)
		return o, first, err
	}
	if !errors.Is(err, fs.ErrExist) {
		return nil, "", err
	}
	taken := fmt.Errorf("“%s”里已经有数据，请直接打开，或者换一个文件夹", opt.Dir)
	keys, first, err = seal.Unlock(opt.Dir, passphrase)
	if err != nil {
		return nil, "", taken
	}
	o, err := wire(ctx, opt, keys, first)
	if err != nil {
		return nil, "", err
	}
	if _, err := o.Desk.Office(ctx); !errors.Is(err, model.ErrNotFound) {
		return nil, "", errors.Join(taken, o.Close())
	}
	return o, first, nil
}

// settingOfficer, followed by a key slot's name, names the officer of that
// slot on a laptop that joined an office: the slot was made before the
// officer's record came.
const settingOfficer = "officer."

// Join makes the folder of a further laptop of an office that a hub knows: it
// enrols, and everything else comes by the first sync. Who works on it is said
// by Become.
func Join(ctx context.Context, opt Options, passphrase, code string) (*Office, error) {
	opt = opt.complete()
	first := opt.IDs.NewID()
	keys, err := seal.CreateKeysAs(opt.Identity, opt.Dir, passphrase, first, opt.Params)
	if err != nil {
		return nil, err
	}
	o, err := wire(ctx, opt, keys, first)
	if err != nil {
		return nil, err
	}
	if err := o.Sync.Enrol(ctx, code); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// Become says which officer works at this laptop.
func (o *Office) Become(ctx context.Context, officer model.ID) error {
	h, err := o.Store.Head(ctx, officer)
	if err != nil {
		return fmt.Errorf("选择执法人员: %w", err)
	}
	if h.Kind != model.KindOfficer {
		return fmt.Errorf("编号 %s 不是执法人员: %w", officer, model.ErrNotFound)
	}
	if err := o.Store.SetSetting(ctx, settingOfficer+string(o.slot), string(officer)); err != nil {
		return err
	}
	o.Desk = casework.NewDesk(o.Desk.Rooms, officer)
	return nil
}

// Open unlocks an office with an officer's passphrase.
func Open(ctx context.Context, opt Options, passphrase string) (*Office, error) {
	opt = opt.complete()
	keys, officer, err := seal.Unlock(opt.Dir, passphrase)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("“%s”里还没有数据，请先新建单位: %w", opt.Dir, err)
	}
	if err != nil {
		return nil, err
	}
	return wire(ctx, opt, keys, officer)
}

func (opt Options) complete() Options {
	if opt.Clock == nil {
		opt.Clock = machineClock{}
	}
	if opt.IDs == nil {
		opt.IDs = machineIDs{}
	}
	if opt.Params == (seal.Params{}) {
		opt.Params = seal.DefaultParams()
	}
	return opt
}

// wire opens every room of a folder whose keys are open.
func wire(ctx context.Context, opt Options, keys *seal.Keys, officer model.ID) (*Office, error) {
	o := &Office{Dir: opt.Dir, Keys: keys, ring: client.NewKeyring(), clock: opt.Clock, slot: officer}
	device, err := keys.Device()
	if err != nil {
		return nil, err
	}
	if o.Store, err = store.Open(ctx, store.Options{Dir: opt.Dir, Keys: keys, Device: device, Clock: opt.Clock, IDs: opt.IDs,
		Devices: o.ring.Key, Merge: merge.Three, Marks: opt.Marks, Upgrading: opt.Upgrading}); err != nil {
		return nil, err
	}
	if o.Blobs, err = blob.Open(opt.Dir, keys); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	if err := errors.Join(o.readAssets(), o.takeHolidays(ctx)); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	if o.Sync, err = client.New(ctx, client.Options{Store: o.Store, Blobs: o.Blobs, Ring: o.ring, Clock: opt.Clock, Name: opt.Name, Series: o.series}); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	if who, err := o.Store.Setting(ctx, settingOfficer+string(o.slot)); err != nil {
		return nil, errors.Join(err, o.Close())
	} else if who != "" {
		officer = model.ID(who)
	}
	rooms := casework.Rooms{Journal: o.Store, Blobs: o.Blobs, Press: presses{o}, Seal: sealer{o},
		Law: o.Law, Checklist: o.Checklist, Form: o.Form, Newest: o.Newest, DaybookForms: DaybookForms(), Lists: o.Lists(), Numbers: o.Store, Merge: merge.Three, Clock: opt.Clock, IDs: opt.IDs, Device: string(o.Device().ID)}
	o.Desk = casework.NewDesk(rooms, officer)
	if err := errors.Join(o.takeForms(), o.PublishKeys(ctx)); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// readAssets loads law, forms and papers: a faulty one is named here, at the
// start, and not when an officer needs it.
func (o *Office) readAssets() (err error) {
	if o.Law, err = statute.Load(assets.Statute); err != nil {
		return err
	}
	if o.Checklist, err = Form("checklist"); err != nil {
		return err
	}
	o.Press, err = NewPress()
	return err
}

// NewPress is the press with the papers and faces the program carries.
func NewPress() (*paper.Press, error) { return paper.NewPress(assets.Papers, assets.Face) }

// Form compiles a form the program carries, by its id.
func Form(id string) (*forms.Form, error) {
	src, err := fs.ReadFile(assets.Forms, id+".md")
	if err != nil {
		return nil, fmt.Errorf("没有名为“%s”的表单: %w", id, err)
	}
	f, err := xlsform.CompileMarkdown(string(src), id)
	if err != nil {
		return nil, fmt.Errorf("表单“%s”: %w", id, err)
	}
	return f, nil
}

// DaybookForms are the ids of the forms the program carries that describe a daybook.
func DaybookForms() []string {
	names, _ := fs.Glob(assets.Forms, "daybook-*.md") // the pattern is sound
	for i, name := range names {
		names[i] = strings.TrimSuffix(name, ".md")
	}
	return names
}

// Close ends all use of the folder and forgets the keys.
func (o *Office) Close() error {
	var err error
	if o.Store != nil {
		err = o.Store.Close()
	}
	o.Keys.Forget()
	return err
}

// Now is the office's clock.
func (o *Office) Now() time.Time { return o.clock.Now() }

// Device is this laptop as it signs at present.
func (o *Office) Device() seal.Device { return o.Store.Device() }
