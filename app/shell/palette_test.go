package shell_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/shell"
	"anxin/app/uitest"
)

// ask opens the palette and types.
func (r *rig) ask(text string) {
	r.Shortcut(fyne.KeyK, fyne.KeyModifierControl)
	r.Type(text)
	r.pass(0)
}

func searching(t *testing.T, answer shell.Search) *rig {
	return newRigWith(t, uitest.Settings{}, func(o *shell.Options) { o.Search = answer })
}

func TestPaletteOpensARecord(t *testing.T) {
	r := searching(t, func(_ context.Context, text string, _ int) ([]shell.Hit, error) {
		if !strings.Contains("桃花源建筑公司", text) {
			return nil, nil
		}
		return []shell.Hit{{Title: "桃花源建筑公司", Detail: "周小兵", To: shell.Route{Page: "employers", Arg: "7"}},
			{Title: "桃花源新城", To: shell.Route{Page: "employers", Arg: "8"}}}, nil
	})
	r.ask("桃花")
	r.MustSee("周小兵")
	r.Press(fyne.KeyDown)
	r.Press(fyne.KeyReturn)
	r.MustSee("内容 employers8")
	r.MustNotSee("周小兵") // the dialog is gone
}

func TestPaletteDoesCommands(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"an act of the page, by its word", "打印", "today print"},
		{"a key of the program, by initials", "xyt", "today next"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, uitest.Settings{})
			r.ask(c.text)
			r.Press(fyne.KeyReturn)
			if got := r.logged(); got != c.want {
				t.Errorf("did %q, want %q", got, c.want)
			}
		})
	}
	r := newRig(t, uitest.Settings{})
	r.ask("vvq")
	r.MustSee("没有找到")
	r.Press(fyne.KeyEscape)
	r.MustNotSee("没有找到")
	r.ask("aj")
	r.Press(fyne.KeyReturn)
	r.MustSee("内容 cases")
}

// What was searched for a text that has changed since is not shown.
func TestPaletteDropsOldAnswers(t *testing.T) {
	var asked []string
	r := searching(t, func(_ context.Context, text string, _ int) ([]shell.Hit, error) {
		asked = append(asked, text)
		return []shell.Hit{{Title: "找到“" + text + "”"}}, nil
	})
	r.Shortcut(fyne.KeyK, fyne.KeyModifierControl)
	r.Type("桃")
	r.Type("花")
	r.pass(0)
	if strings.Join(asked, " ") != "桃花" {
		t.Errorf("searched for %v, want the last text only", asked)
	}
	r.MustSee("找到“桃花”")
}

func TestPaletteTellsAnError(t *testing.T) {
	r := searching(t, func(context.Context, string, int) ([]shell.Hit, error) {
		return nil, errors.New("数据已锁定，请先解锁")
	})
	r.ask("桃花")
	r.MustSee("数据已锁定")
}

func TestF1ShowsTheKeys(t *testing.T) {
	r := newRigWith(t, uitest.Settings{}, func(o *shell.Options) {
		o.Keys = func() []shell.KeyHelp { return []shell.KeyHelp{{Keys: "F8", Text: "下一道必填题"}} }
	})
	r.Press(fyne.KeyF1)
	for _, text := range []string{"Ctrl+K", "F5", "Alt+←", "Ctrl+1–8", "F8", "下一道必填题"} {
		r.MustSee(text)
	}
}
