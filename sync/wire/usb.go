package wire

import (
	"fmt"

	"anxin/model"
)

// A laptop that no line reaches exchanges by two files on a USB stick, each
// signed by its maker and sealed to its reader: UsbOut holds what the laptop
// would have sent, UsbBack what the hub answers. Both may be taken in any
// number of times.
const (
	UsbOut  = "anxin-usb-out"
	UsbBack = "anxin-usb-back"
)

// Names of the members of both files. Messages are packed as on the line, files
// of evidence lie as they are.
const (
	UsbRequest = "request"
	UsbReply   = "reply"
	UsbFile    = "files/" // followed by the SHA-256
	UsbLeaves  = "leaves/"
)

// UsbPush is the name of the n-th slice of the log, or of the answer to it.
func UsbPush(n int) string { return fmt.Sprintf("push/%06d", n) }

// UsbPage is the name of the n-th page of the feeds.
func UsbPage(n int) string { return fmt.Sprintf("page/%06d", n) }

// ReadMember reads a message that lies packed in a file under a name. read is
// the file's own reading of a whole member within a limit. The error names the
// member.
func ReadMember(read func(name string, limit int64) ([]byte, error), name string, v any) error {
	packed, err := read(name, MaxPage)
	if err == nil {
		err = Unpack(packed, v, MaxPage)
	}
	if err != nil {
		return fmt.Errorf("U盘文件中的“%s”: %w", name, err)
	}
	return nil
}

// UsbMaker says, in the file's signed header, who made it for whom.
type UsbMaker struct {
	Hub    model.ID `json:"hub"`
	Device model.ID `json:"device"`
	Epoch  int      `json:"epoch"`
}

// UsbAsk is the request of UsbOut: the opening of a cycle, and all that on the
// line would be asked one after the other.
type UsbAsk struct {
	Box     []byte   `json:"box"` // X25519 key the answer is sealed to
	Hello   Hello    `json:"hello"`
	Numbers Numbers  `json:"numbers"`
	Pulls   []Pull   `json:"pulls"`
	Pushes  int      `json:"pushes"`          // slices of the log
	Files   []string `json:"files,omitempty"` // that came along
	Wanted  []string `json:"wanted,omitempty"`
	Recall  *Recall  `json:"recall,omitempty"`
}

// UsbAnswer is the reply of UsbBack.
type UsbAnswer struct {
	Welcome Welcome  `json:"welcome"`
	Keys    KeyList  `json:"keys"`
	Leased  Leased   `json:"leased"`
	Pushes  int      `json:"pushes"` // slices answered
	Pages   int      `json:"pages"`
	Stored  []string `json:"stored,omitempty"` // files the hub now holds whole
	Files   []string `json:"files,omitempty"`  // that come along
}

// UsbAcks answers one slice of the log, with the proof that it stands there.
type UsbAcks struct {
	Acks  []model.Ack `json:"acks"`
	Proof Proof       `json:"proof"`
}

// UsbFeed is one page of a scope from a cursor on.
type UsbFeed struct {
	Scope  string `json:"scope"`
	Cursor int64  `json:"cursor"`
	Page   Page   `json:"page"`
}
