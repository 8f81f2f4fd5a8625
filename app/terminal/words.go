package terminal

import (
	"archive/zip"
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// complaints are what the parser of the command line says, and our words.
var complaints = []struct {
	theirs *regexp.Regexp
	ours   string
}{
	{regexp.MustCompile(`, did you mean (?:one of )?(.*)\?$`), "，是不是要写 $1"},
	{regexp.MustCompile(`^missing flags: `), "缺少选项 "},
	{regexp.MustCompile(`^unknown flag `), "不认识的选项 "},
	{regexp.MustCompile(`^unexpected argument `), "不认识的参数 "},
	{regexp.MustCompile(`^expected one of `), "需要一个命令："},
	{regexp.MustCompile(`^expected `), "缺少参数 "},
	{regexp.MustCompile(`^(\S+): expected .* but got "EOL".*$`), "$1 后面没有写内容"},
	{regexp.MustCompile(`^(\S+): expected .* but got (".*?"|\S+).*$`), "$1 的内容 $2 不对"},
	{regexp.MustCompile(`^(\S+): .* but got (".*?").*$`), "$1 的内容 $2 不对"},
	{regexp.MustCompile(`^(\S+): missing value.*$`), "$1 没有写内容"},
	{regexp.MustCompile(`^(\S+): stat (.*): .*$`), "$1：找不到“$2”，请核对路径"},
	{regexp.MustCompile(`^(\S+) must be one of (.*) but got (.*)$`), "$1 只能是 $2，不能是 $3"},
	{regexp.MustCompile(`^(.*) can't be used together$`), "$1 只能写一个"},
	{regexp.MustCompile(` and (-)| or (-)`), " 或 $1$2"},
	{regexp.MustCompile(`=(STRING|INT|INT64)\b`), ""},
}

// Complaint says what is wrong with a command line.
func Complaint(err error) string {
	if text := missing(err); text != "" {
		return text
	}
	text := Sentence(err)
	for _, c := range complaints {
		text = c.theirs.ReplaceAllString(text, c.ours)
	}
	return text
}

// missing says which arguments a command was called without and how it is
// called, "" where none is missing. A command gives an example in the tag
// "example" of its first argument.
func missing(err error) string {
	var wrong *kong.ParseError
	if !errors.As(err, &wrong) || wrong.Context == nil || wrong.Context.Selected() == nil || !strings.HasPrefix(err.Error(), "expected \"") {
		return ""
	}
	node := wrong.Context.Selected()
	var lacks []string
	example := ""
	for _, p := range node.Positional {
		if strings.Contains(err.Error(), strconv.Quote(p.Summary())) || strings.Contains(err.Error(), p.Summary()) {
			lacks = append(lacks, "“"+argument(p)+"”")
		}
		if e := p.Tag.Get("example"); e != "" {
			example = "，例如：" + node.FullPath() + " " + e
		}
	}
	if len(lacks) == 0 {
		return ""
	}
	return "缺少" + strings.Join(lacks, "、") + "，应写成：" + synopsis(wrong.Context, node) + example
}

// causes are what the system says went wrong, and our words with the cure.
var causes = []struct {
	err  error
	word string
	said bool // where it ends a sentence, that sentence has said it already
}{
	{err: fs.ErrNotExist, word: "找不到，请核对路径"},
	{err: fs.ErrPermission, word: "没有权限，请换一个位置或者请管理员授权"},
	{err: fs.ErrExist, word: "已经存在，请换一个名字", said: true},
	{err: syscall.ENOSPC, word: "磁盘已满，请腾出空间再试"},
	{err: syscall.EROFS, word: "磁盘是只读的，请换一个位置"},
	{err: syscall.ENOTDIR, word: "路径中有一段不是文件夹，请核对"},
	{err: syscall.EISDIR, word: "这是文件夹，请指定一个文件"},
	{err: syscall.EADDRINUSE, word: "已被占用"},
	{err: syscall.ECONNREFUSED, word: "对方没有应答"},
	{err: context.Canceled, word: "已经中断"},
	{err: zip.ErrChecksum, word: "校验不符", said: true},
}

// databases are what SQLite says of the disk it writes to, and our words.
var databases = strings.NewReplacer(
	"database or disk is full (13)", "磁盘已满，请腾出空间再试",
	"attempt to write a readonly database (8)", "数据库文件是只读的，请检查权限")

// Sentence puts an error on one line, with the system's part of it in our
// words; what there is no word for stays as it is.
func Sentence(err error) string {
	text := err.Error()
	for _, from := range systemParts(err) {
		text = strings.Replace(text, from.text, from.words, 1)
	}
	var number syscall.Errno
	numbered := errors.As(err, &number)
	for _, c := range causes {
		if !errors.Is(err, c.err) {
			continue
		}
		if c.said {
			text = strings.Replace(text, ": "+c.err.Error(), "", 1)
		}
		text = strings.Replace(text, c.err.Error(), c.word, 1)
		if numbered && errors.Is(number, c.err) {
			text = strings.Replace(text, number.Error(), c.word, 1)
		}
	}
	text = databases.Replace(text)
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "；")
}

// part is a piece of an error's text and what is said instead.
type part struct{ text, words string }

// systemParts finds what the system said about a file or an address.
func systemParts(err error) (out []part) {
	var path *fs.PathError
	if errors.As(err, &path) {
		out = append(out, part{path.Error(), place(path.Path) + path.Err.Error()})
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		out = append(out, part{link.Error(), place(link.New) + link.Err.Error()})
	}
	var op *net.OpError
	if errors.As(err, &op) {
		out = append(out, part{op.Error(), op.Err.Error()})
	}
	var name *net.DNSError
	if errors.As(err, &name) {
		out = append(out, part{name.Error(), "找不到主机，请核对地址"})
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		out = append(out, part{call.Error(), call.Err.Error()})
	}
	var addr *net.AddrError
	if errors.As(err, &addr) {
		out = append(out, part{addr.Error(), "地址应写成 主机:端口"})
	}
	return out
}

// place names a file, or the folder of one that only we know.
func place(path string) string {
	if strings.HasPrefix(filepath.Base(path), ".") {
		path = filepath.Dir(path)
	}
	return "“" + path + "”"
}
