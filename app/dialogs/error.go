package dialogs

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/widgets"
)

// Error shows an error as a sentence; what the machine says about it can be
// unfolded and copied. A cancelled work shows nothing.
func Error(win fyne.Window, err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	sentence := Sentence(err)
	text := widgets.NewCopyable(sentence)
	body := container.NewVBox(text)
	var m *modal
	if detail := err.Error(); detail != sentence {
		body.Add(unfold(detail, func() { m.fit() }))
	}
	m = newModal(win, lang.T("dialog.error"), body)
	m.cancel = m.then(nil)
	m.accept = m.cancel
	m.show(nil, widgets.Action{Label: lang.T("dialog.close"), Do: m.cancel, Primary: true})
}

func unfold(detail string, changed func()) fyne.CanvasObject {
	text := widgets.NewCopyable(detail)
	text.SizeName = fynetheme.SizeNameCaptionText
	text.Hide()
	var button *widgets.Button
	button = widgets.NewQuietButton(lang.T("dialog.error.detail"), nil, func() {
		text.Show()
		button.Hide()
		changed()
	})
	button.Alignment = widget.ButtonAlignLeading
	return container.NewVBox(button, text)
}

// Sentence words an error for a person. Our own errors already are sentences in
// Chinese, perhaps inside technical context that is left off; known failures of
// the system get a sentence with what to do; the rest is said to be unexpected.
func Sentence(err error) string {
	if err == nil {
		return ""
	}
	if own := ownSentence(err); own != "" {
		return lang.Said(own)
	}
	if known := systemSentence(err); known != "" {
		return known
	}
	return lang.T("error.unexpected", "detail", firstLine(err.Error()))
}

// ownSentence looks along the chain for the outermost error that begins in Chinese.
func ownSentence(err error) string {
	if text := err.Error(); startsChinese(text) {
		return text
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return ownSentence(inner)
		}
	case interface{ Unwrap() []error }:
		var lines []string
		for _, inner := range e.Unwrap() {
			if s := ownSentence(inner); s != "" {
				lines = append(lines, s)
			}
		}
		return strings.Join(lines, "\n")
	}
	return ""
}

func startsChinese(text string) bool {
	for _, r := range text {
		return unicode.Is(unicode.Han, r) || strings.ContainsRune("《“「（【第", r)
	}
	return false
}

func systemSentence(err error) string {
	var path *fs.PathError
	file := ""
	if errors.As(err, &path) {
		file = path.Path
	}
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return lang.T("error.cancelled")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return lang.T("error.timeout")
	case errors.Is(err, fs.ErrNotExist):
		return lang.T("error.notfound", "file", file)
	case errors.Is(err, fs.ErrPermission):
		return lang.T("error.permission", "file", file)
	case errors.Is(err, fs.ErrExist):
		return lang.T("error.exists", "file", file)
	case errors.Is(err, syscall.ENOSPC):
		return lang.T("error.full")
	case errors.As(err, &network):
		return lang.T("error.network")
	}
	return ""
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	const most = 160
	if r := []rune(line); len(r) > most {
		return string(r[:most]) + "…"
	}
	return line
}
