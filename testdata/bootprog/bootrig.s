# The embedded boot program: what `bootrig serve` sends to an x86 BIOS machine when it has nothing
# else to send. It says which server, address and MAC it was reached through, on the screen and on
# COM1, waits for a key, and goes back to the ROM, which boots the next device.
#
# A PXE ROM loads it at 0:7C00 and jumps there with (PXE 2.1, section 4.4.5):
#   ES:BX   -> PXENV+   (PXE 1.x and 2.x)
#   SS:SP+4 -> !PXE     (PXE 2.1 only)
# It calls PXENV_GET_CACHED_INFO alone and keeps the ROM's stack, of which 1.5 KiB are free.

	.intel_syntax noprefix
	.code16
	.text
	.globl	start

	.set	GET_CACHED_INFO, 0x71
	.set	DHCP_ACK, 2		# PXENV_PACKET_TYPE_DHCP_ACK: the lease
	.set	CACHED_REPLY, 3		# PXENV_PACKET_TYPE_CACHED_REPLY: who gave the boot file
	.set	BOOTP_HLEN, 2
	.set	BOOTP_CIADDR, 12
	.set	BOOTP_YIADDR, 16
	.set	BOOTP_SIADDR, 20
	.set	BOOTP_CHADDR, 28
	.set	BOOTP_COOKIE, 236
	.set	BOOTP_OPTIONS, 240
	.set	OPT_PAD, 0
	.set	OPT_SERVER_ID, 54
	.set	OPT_END, 255
	.set	BDA_COM1, 0x400		# the port of COM1, 0 when there is none
	.set	packet, 0x8400		# our buffer, behind the program
	.set	PACKET_SIZE, 1500

start:
	jmp	0:entry			# some ROMs come in as 07C0:0000
entry:
	pushfd				# all of it back to the ROM in the end
	pushad
	push	ds
	push	es
	cld
	sti
	mov	bp, sp
	mov	eax, [bp+2+2+32+4+4]	# behind what we pushed and the way back
	xor	cx, cx
	mov	ds, cx
	mov	pxe, eax
	mov	pxenv, bx
	mov	pxenv+2, es
	mov	es, cx
	call	open_serial
	call	find_pxe

	mov	si, offset msg_server
	call	print
	mov	ax, CACHED_REPLY
	call	cached
	jc	1f
	mov	si, packet+BOOTP_SIADDR
	call	nonzero
	jnz	2f
	call	server_id		# siaddr 0: the server identifier says it, as pxelinux does it
	jnc	2f
1:	mov	si, offset none
2:	call	print_ip

	mov	si, offset msg_address
	call	print
	mov	ax, DHCP_ACK
	call	cached
	mov	si, offset none
	jc	3f
	mov	si, packet+BOOTP_YIADDR
	call	nonzero
	jnz	3f
	mov	si, packet+BOOTP_CIADDR
3:	call	print_ip

	mov	si, offset msg_mac
	call	print
	call	print_mac
	mov	si, offset msg_rest
	call	print

drain:	mov	ah, 1			# keys pressed before the question are no answer
	int	0x16
	jz	wait
	mov	ah, 0
	int	0x16
	jmp	drain
wait:	mov	ah, 0
	int	0x16
	mov	si, offset msg_bye
	call	print
	pop	es
	pop	ds
	popad
	popfd
	xor	ax, ax			# PXENV_EXIT_SUCCESS: the ROM lets the BIOS boot the next device
	retf

# nonzero: is the dword at SI nonzero? (ZF clear if so)
nonzero:
	cmp	dword ptr [si], 0
	ret

# find_pxe: the entry point to api, which stays 0 when there is no PXE here.
find_pxe:
	les	di, pxe			# what the stack says
	call	is_pxe
	je	use_pxe
	les	di, pxenv		# what ES:BX says
	call	is_pxenv
	je	use_pxenv
	mov	ax, 0x5650		# what the BIOS says: PXE installation check
	int	0x1a
	cmp	ax, 0x564e
	jne	1f
	mov	di, bx
	call	is_pxenv
	je	use_pxenv
1:	ret

use_pxenv:
	mov	eax, es:[di+10]
	mov	api, eax
	cmp	word ptr es:[di+6], 0x201	# from PXE 2.1 on it leads to a !PXE
	jb	1b
	les	di, es:[di+0x28]
	call	is_pxe
	jne	1b
use_pxe:
	mov	eax, es:[di+16]
	mov	api, eax
	ret

# is_pxe: ZF set if ES:DI points to a good !PXE structure (PXE 2.1, section 3.3.2).
is_pxe:
	cmp	dword ptr es:[di], 0x45585021		# "!PXE"
	jne	9f
	movzx	cx, byte ptr es:[di+4]
	jmp	checksum
# is_pxenv: the same for PXENV+.
is_pxenv:
	cmp	dword ptr es:[di], 0x4e455850		# "PXEN"
	jne	9f
	cmp	word ptr es:[di+4], 0x2b56		# "V+"
	jne	9f
	movzx	cx, byte ptr es:[di+8]
checksum:
	push	di
	mov	al, 0
	jcxz	8f
7:	add	al, es:[di]
	inc	di
	loop	7b
	pop	di
	test	al, al
9:	ret
8:	pop	di
	or	al, 1			# a structure without length is none
	ret

# cached: fetches packet AX into packet. CF set if there is none.
cached:
	mov	parm_type, ax
	xor	ax, ax
	mov	parm_status, ax
	mov	parm_limit, ax
	mov	word ptr parm_size, PACKET_SIZE
	mov	word ptr parm_buffer, packet
	mov	parm_buffer+2, ax
	mov	es, ax
	mov	di, packet
	mov	cx, PACKET_SIZE
	rep	stosb			# a short packet leaves no options of the one before
	cmp	dword ptr api, 0
	je	2f
	mov	di, offset parm
	mov	bx, GET_CACHED_INFO	# PXENV+: BX is the function, ES:DI its parameters
	push	ds			# !PXE: the same on the stack
	push	di
	push	bx
	lcall	[api]
	add	sp, 6
	xor	cx, cx
	mov	ds, cx
	mov	es, cx
	cld
	test	ax, ax
	jnz	2f
	cmp	word ptr parm_status, 0
	jne	2f
	cmp	word ptr parm_size, BOOTP_COOKIE
	jb	2f
	clc
	ret
2:	stc
	ret

# server_id: SI to the four bytes of option 54 in packet. CF set if it is not there.
server_id:
	cmp	dword ptr ds:[packet+BOOTP_COOKIE], 0x63538263
	jne	9f
	mov	si, packet+BOOTP_OPTIONS
	mov	dx, packet
	mov	cx, parm_size
	cmp	cx, PACKET_SIZE
	jbe	1f
	mov	cx, PACKET_SIZE
1:	add	dx, cx			# the end of what the ROM gave
2:	lea	cx, [si+6]
	cmp	cx, dx
	ja	9f
	lodsb
	cmp	al, OPT_PAD
	je	2b
	cmp	al, OPT_END
	je	9f
	mov	ah, al
	lodsb
	cmp	ax, OPT_SERVER_ID<<8 | 4
	je	8f
	movzx	cx, al
	add	si, cx
	jmp	2b
8:	clc
	ret
9:	stc
	ret

# print_ip: the address at SI, or "none" for 0.0.0.0.
print_ip:
	call	nonzero
	jz	print_none
	mov	cx, 4
	jmp	2f
1:	mov	al, '.'
	call	putc
2:	lodsb
	call	print_dec
	loop	1b
	ret
print_none:
	mov	si, offset msg_none
	jmp	print

# print_mac: chaddr of packet, of a plausible length.
print_mac:
	movzx	cx, byte ptr ds:[packet+BOOTP_HLEN]
	jcxz	print_none
	cmp	cx, 16
	ja	print_none
	mov	si, packet+BOOTP_CHADDR
	jmp	2f
1:	mov	al, ':'
	call	putc
2:	lodsb
	call	print_hex
	loop	1b
	ret

print_dec:				# AL
	mov	ah, 0
	mov	bl, 10
	div	bl
	push	ax
	test	al, al
	jz	1f
	call	print_dec
1:	pop	ax
	mov	al, ah
	add	al, '0'
	jmp	putc

print_hex:				# AL
	push	ax
	shr	al, 4
	call	1f
	pop	ax
	and	al, 15
1:	cmp	al, 10
	jb	2f
	add	al, 'a'-'0'-10
2:	add	al, '0'
	jmp	putc

1:	call	putc
print:					# the NUL-terminated text at SI
	lodsb
	test	al, al
	jnz	1b
	ret

# putc: AL to the screen and to the serial port. Keeps all registers.
putc:
	pushad
	push	ax
	mov	ah, 0x0e
	mov	bx, 7
	int	0x10
	pop	bx
	mov	dx, serial
	test	dx, dx
	jz	9f
	add	dx, 5
	xor	cx, cx			# a dead port costs 65536 looks, not the boot
1:	in	al, dx
	test	al, 0x20		# transmitter holding register empty
	loopz	1b
	sub	dx, 5
	mov	al, bl
	out	dx, al
9:	popad
	ret

# open_serial: COM1, if the BIOS found one, to 115200 8n1. A BIOS that sends the text of int 10h to
# the serial line itself (SeaBIOS with a serial console, most servers) keeps the line as it is: with
# the UART looped back, a blank printed on the screen then comes in. SeaBIOS holds a character back
# until the next one; a backspace makes it hurry, also with what the ROM said last.
open_serial:
	mov	bx, ds:[BDA_COM1]
	test	bx, bx
	jz	9f
	call	blank
	cli				# a timer's handler must not read it before us
	lea	dx, [bx+4]		# modem control: loop back
	in	al, dx
	push	ax
	or	al, 0x10
	out	dx, al
	mov	dx, bx
	mov	cx, 32
1:	in	al, dx			# what came in before
	loop	1b
	call	blank
	lea	dx, [bx+5]
	mov	cx, 8192		# more than a character's time at 9600
2:	in	al, dx
	test	al, 1			# data ready
	loopz	2b
	xchg	ah, al
	lea	dx, [bx+4]
	pop	cx
	mov	al, cl
	out	dx, al
	sti
	test	ah, 1
	jnz	9f
	mov	serial, bx
	lea	dx, [bx+1]		# no interrupts
	mov	al, 0
	out	dx, al
	lea	dx, [bx+3]		# divisor latch
	mov	al, 0x80
	out	dx, al
	mov	dx, bx			# 115200 / 1
	mov	al, 1
	out	dx, al
	inc	dx
	mov	al, 0
	out	dx, al
	lea	dx, [bx+3]		# 8n1
	mov	al, 3
	out	dx, al
	dec	dx			# FIFO on and empty
	mov	al, 7
	out	dx, al
	lea	dx, [bx+4]		# DTR, RTS
	mov	al, 3
	out	dx, al
9:	ret

blank:	mov	al, ' '
	call	putc
	mov	al, '\b'
	jmp	putc

msg_server:	.asciz	"\r\nbootrig: server "
msg_address:	.asciz	" address "
msg_mac:	.asciz	" mac "
msg_none:	.asciz	"none"
msg_rest:	.ascii	"\r\nPXE, DHCP and TFTP work here: this program came by all three.\r\n"
		.ascii	"To boot an operating system, give the server its netboot directory:\r\n"
		.ascii	"    bootrig serve DIRECTORY\r\n"
		.asciz	"bootrig boot program 1.0: press a key to try the next boot device.\r\n"
msg_bye:	.asciz	"bootrig: back to the firmware.\r\n"

	.balign	4
none:		.long	0
pxe:		.long	0
pxenv:		.word	0, 0
api:		.long	0
serial:		.word	0
parm:					# t_PXENV_GET_CACHED_INFO
parm_status:	.word	0
parm_type:	.word	0
parm_size:	.word	0
parm_buffer:	.word	0, 0
parm_limit:	.word	0
