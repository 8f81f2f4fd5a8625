package dialogs

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"anxin/app/lang"
)

// item is a file or folder as the chooser lists it.
type item struct {
	name    string
	path    string
	dir     bool
	size    int64 // bytes; 0 for folders
	changed time.Time
}

// listFolder reads a folder: folders first, then the files with one of the
// extensions (all without any), both by name. Hidden ones are left out, and what
// vanishes meanwhile too.
func listFolder(folder string, extensions []string) ([]item, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var items []item
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "~$") {
			continue
		}
		path := filepath.Join(folder, e.Name())
		info, err := os.Stat(path) // a link is what it leads to
		if err != nil || !info.IsDir() && !hasExtension(e.Name(), extensions) {
			continue
		}
		it := item{name: e.Name(), path: path, dir: info.IsDir(), changed: info.ModTime()}
		if !it.dir {
			it.size = info.Size()
		}
		items = append(items, it)
	}
	slices.SortFunc(items, func(a, b item) int {
		if a.dir != b.dir {
			if a.dir {
				return -1
			}
			return 1
		}
		return cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name))
	})
	return items, nil
}

func hasExtension(name string, extensions []string) bool {
	if len(extensions) == 0 {
		return true
	}
	return slices.ContainsFunc(extensions, func(e string) bool { return strings.EqualFold(filepath.Ext(name), e) })
}

// resolve is the path a person means by what was typed while a folder is shown:
// "~" is their home, a name stands in the folder, "file://…" as other programs copy it.
func resolve(typed, folder string) string {
	typed = strings.Trim(strings.TrimSpace(typed), `"'“”`)
	typed = strings.TrimPrefix(typed, "file://")
	if typed == "~" || strings.HasPrefix(typed, "~/") || strings.HasPrefix(typed, `~\`) {
		if home, err := os.UserHomeDir(); err == nil {
			typed = filepath.Join(home, typed[1:])
		}
	}
	if !filepath.IsAbs(typed) {
		typed = filepath.Join(folder, typed)
	}
	return filepath.Clean(typed)
}

// readableSize is a number of bytes as people read it.
func readableSize(bytes int64) string {
	const unit = 1024
	switch {
	case bytes < unit:
		return fmt.Sprintf("%d B", bytes)
	case bytes < unit*unit:
		return fmt.Sprintf("%.0f KB", float64(bytes)/unit)
	case bytes < unit*unit*unit:
		return fmt.Sprintf("%.1f MB", float64(bytes)/unit/unit)
	}
	return fmt.Sprintf("%.1f GB", float64(bytes)/unit/unit/unit)
}

// shortcutPlace is a folder one goes to by a button.
type shortcutPlace struct{ label, path string }

// places are the folders people keep things in: home, desktop, documents, downloads
// and the drives and sticks of the machine. Those that are not there are left out.
func places() []shortcutPlace {
	var all []shortcutPlace
	add := func(label, path string) {
		if info, err := os.Stat(path); path != "" && err == nil && info.IsDir() {
			all = append(all, shortcutPlace{label, path})
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		own := userFolders(home)
		add(lang.T("chooser.home"), home)
		add(lang.T("chooser.desktop"), own["DESKTOP"])
		add(lang.T("chooser.documents"), own["DOCUMENTS"])
		add(lang.T("chooser.downloads"), own["DOWNLOAD"])
		add(lang.T("chooser.pictures"), own["PICTURES"])
	}
	for _, drive := range drives() {
		label := filepath.Base(drive)
		if drive == "/" {
			label = lang.T("chooser.computer")
		} else if runtime.GOOS == "windows" {
			label = drive
		}
		add(label, drive)
	}
	return all
}

// userFolders are the folders of a home, which a Linux desktop may have given
// Chinese names.
func userFolders(home string) map[string]string {
	own := map[string]string{}
	for key, name := range map[string]string{"DESKTOP": "Desktop", "DOCUMENTS": "Documents", "DOWNLOAD": "Downloads", "PICTURES": "Pictures"} {
		own[key] = filepath.Join(home, name)
	}
	file, err := os.Open(filepath.Join(home, ".config", "user-dirs.dirs"))
	if err != nil {
		return own // most systems have none
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		name, value, ok := strings.Cut(lines.Text(), "=")
		key, is := strings.CutSuffix(strings.TrimPrefix(name, "XDG_"), "_DIR")
		if ok && is {
			own[key] = strings.ReplaceAll(strings.Trim(value, `"`), "$HOME", home)
		}
	}
	return own
}

// drives are the roots of the machine and what is plugged into it.
func drives() []string {
	if runtime.GOOS == "windows" {
		var roots []string
		for letter := 'C'; letter <= 'Z'; letter++ {
			roots = append(roots, string(letter)+`:\`)
		}
		return roots
	}
	roots := []string{"/"}
	for _, pattern := range []string{"/media/*/*", "/run/media/*/*", "/Volumes/*"} {
		if found, err := filepath.Glob(pattern); err == nil { // the patterns are well formed
			roots = append(roots, found...)
		}
	}
	return roots
}

// memory keeps the folder used last.
var memory struct {
	folder string
	keep   func(folder string)
}

// RememberFolder gives the chooser the folder used last, "" for none, and what keeps
// a new one for the next start of the program.
func RememberFolder(folder string, keep func(folder string)) {
	memory.folder, memory.keep = folder, keep
}

// startFolder is the folder the chooser opens on: the one used last if it is still there.
func startFolder() string {
	if info, err := os.Stat(memory.folder); memory.folder != "" && err == nil && info.IsDir() {
		return memory.folder
	}
	if home, err := os.UserHomeDir(); err == nil {
		return home
	}
	return string(filepath.Separator)
}

func useFolder(folder string) {
	if memory.folder == folder {
		return
	}
	memory.folder = folder
	if memory.keep != nil {
		memory.keep(folder)
	}
}
