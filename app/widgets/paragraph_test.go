package widgets_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/uitest"
	"anxin/app/widgets"
)

func TestParagraphFollowsItsWidth(t *testing.T) {
	screen := uitest.New(t)
	p := widgets.NewParagraph("青溪县人力资源和社会保障局（示例）")
	screen.Show(p)
	p.Resize(fyne.NewSize(600, 40))
	if p.Text != p.Words() {
		t.Errorf("broken with room for all: %q", p.Text)
	}
	one := p.MinSize().Height
	p.Resize(fyne.NewSize(120, 200))
	if !strings.Contains(p.Text, "\n") || p.MinSize().Height <= one {
		t.Errorf("not broken: %q", p.Text)
	}
	p.SetText("短")
	if p.Text != "短" || p.Words() != "短" {
		t.Errorf("shows %q", p.Text)
	}
}
