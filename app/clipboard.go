package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
)

// pastedPicture names the file a picture of the clipboard is written into.
const pastedPicture = "粘贴的图片.png"

// copied gives the files that were copied: those the clipboard's text names, or
// that the system's own tool knows of, or a picture as a file of its own. The
// toolkit's clipboard knows texts only. drop takes that file away again.
func copied(ctx context.Context, text string) (files []string, drop func(), err error) {
	keep := func() {}
	if files = filesIn(text); len(files) > 0 {
		return files, keep, nil
	}
	if files = copiedFiles(ctx); len(files) > 0 {
		return files, keep, nil
	}
	picture := copiedPicture(ctx)
	if len(picture) == 0 {
		return nil, keep, nil
	}
	dir, err := os.MkdirTemp("", "anxin-")
	if err != nil {
		return nil, keep, fmt.Errorf("建立临时文件夹: %w", err)
	}
	drop = func() {
		if err := os.RemoveAll(dir); err != nil {
			fyne.LogError("removing the pasted picture", err)
		}
	}
	path := filepath.Join(dir, pastedPicture)
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		drop()
		return nil, keep, fmt.Errorf("写出粘贴的图片: %w", err)
	}
	return []string{path}, drop, nil
}

// filesIn are the files a text names, one a line, as file managers copy them:
// paths or file:// addresses. A text that is anything else names none.
func filesIn(text string) (out []string) {
	for _, l := range strings.Split(strings.ReplaceAll(text, "\r", ""), "\n") {
		l = strings.Trim(strings.TrimSpace(l), `"`)
		if l == "" || l == "copy" || l == "cut" || strings.HasPrefix(l, "x-special/") {
			continue
		}
		if u, err := url.Parse(l); err == nil && u.Scheme == "file" {
			l = filepath.FromSlash(u.Path)
		}
		info, err := os.Stat(l)
		if err != nil || !filepath.IsAbs(l) || !info.Mode().IsRegular() {
			return nil
		}
		out = append(out, l)
	}
	return out
}

// copiedFiles asks Windows for the files copied in its file manager; elsewhere
// they are in the text.
func copiedFiles(ctx context.Context) []string {
	if runtime.GOOS != "windows" {
		return nil
	}
	out, err := exec.CommandContext(ctx, "powershell", "-NoProfile", "-NonInteractive", "-Sta", "-Command",
		"[Console]::OutputEncoding=[Text.Encoding]::UTF8; Get-Clipboard -Format FileDropList | ForEach-Object { $_.FullName }").Output()
	if err != nil {
		return nil // no tool, or nothing of the kind was copied
	}
	return filesIn(string(out))
}

// pictureTools write the picture of the clipboard to their output as PNG.
var pictureTools = [][]string{
	{"xclip", "-selection", "clipboard", "-target", "image/png", "-out"},
	{"wl-paste", "--type", "image/png"},
	{"powershell", "-NoProfile", "-NonInteractive", "-Sta", "-Command",
		"Add-Type -AssemblyName System.Windows.Forms,System.Drawing; $i=[Windows.Forms.Clipboard]::GetImage(); if($i){$o=[Console]::OpenStandardOutput(); $m=New-Object IO.MemoryStream; $i.Save($m,[Drawing.Imaging.ImageFormat]::Png); $m.WriteTo($o)}"},
}

// copiedPicture is the picture of the clipboard; nil where there is none.
func copiedPicture(ctx context.Context) []byte {
	for _, tool := range pictureTools {
		if _, err := exec.LookPath(tool[0]); err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, tool[0], tool[1:]...).Output()
		if err == nil && bytes.HasPrefix(out, []byte("\x89PNG")) {
			return out
		}
	}
	return nil
}
