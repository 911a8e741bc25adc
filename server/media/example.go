package media

// Example is a file of a family, as a person would write it.
const Example = `family: mine
title: My rescue system {version}
has:                                   # all of these
  - live/vmlinuz
  - [live/initrd.img, live/initrd.gz]  # one of these
  - {file: .disk/info, match: ^Mine}   # a text in a file
lacks:                                 # none of these
  - casper/
facts:
  version: {file: .disk/info, match: 'Mine ([0-9.]+)'}
entries:
  - name: rescue
    title: Start {title}
    kernel: live/vmlinuz
    initrds: [[live/initrd.img, live/initrd.gz]]
    args: boot=live ip=dhcp fetch={base}live/filesystem.squashfs
memory: 2048
fetches: ["HTTP: live/filesystem.squashfs"]
answer: {args: "mine.answers={answer}", files: [answers.sh], format: shell}
notes: [it needs a card that Linux knows]
`
