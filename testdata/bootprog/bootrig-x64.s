# The embedded boot program for x64 UEFI machines: the twin of bootrig.s. It says which server, address
# and MAC it was reached through, or which URI, on every console the firmware has, waits for a key, and
# goes back to the firmware, which boots the next device.
#
# The firmware loads it as a PE32+ image and calls it with (UEFI 2.10, section 4.1)
#   RCX = the image's handle, RDX -> EFI_SYSTEM_TABLE
# in the convention of section 2.3.4: arguments in RCX, RDX, R8, R9, 32 bytes of stack left free above
# the way back, the stack aligned to 16. RBX, RBP, RSI, RDI, R12 to R15 belong to the caller.
#
# The file is the image as it lies in memory, so the headers are written here and no linker is trusted
# with them. Every address is relative to RIP: there is nothing to relocate. Code and data have pages of
# their own, since newer firmware allows no page that is both written and run.

	.intel_syntax noprefix
	.text
	.globl	start

	.set	PAGE, 0x1000
	.set	ST_CONIN, 48			# EFI_SYSTEM_TABLE, section 4.3
	.set	ST_CONOUT, 64
	.set	ST_BOOT, 96
	.set	BOOT_WAIT, 96			# EFI_BOOT_SERVICES, section 4.4
	.set	BOOT_PROTOCOL, 152
	.set	BOOT_WATCHDOG, 256
	.set	CONIN_READ, 8			# EFI_SIMPLE_TEXT_INPUT_PROTOCOL, section 12.3
	.set	CONIN_EVENT, 16
	.set	CONOUT_STRING, 8		# EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL, section 12.4
	.set	IMAGE_DEVICE, 24		# EFI_LOADED_IMAGE_PROTOCOL, section 9.1
	.set	PXE_MODE, 104			# EFI_PXE_BASE_CODE_PROTOCOL, section 24.3
	.set	MODE_ACK_CAME, 9
	.set	MODE_PROXY_CAME, 10
	.set	MODE_REPLY_CAME, 12
	.set	MODE_ADDRESS, 20
	.set	MODE_ACK, 1524			# the packets: 1472 bytes each
	.set	MODE_PROXY, MODE_ACK+1472
	.set	MODE_REPLY, MODE_ACK+3*1472
	.set	BOOTP_SIADDR, 20
	.set	BOOTP_OPTIONS, 240
	.set	PACKET_SIZE, 1472
	.set	OPT_PAD, 0
	.set	OPT_SERVER_ID, 54
	.set	OPT_END, 255
	.set	NODE_MESSAGING, 3		# device path nodes, section 10.3.4
	.set	NODE_MAC, 11
	.set	NODE_URI, 24
	.set	NODE_END, 0x7f

image:	.ascii	"MZ"
	.org	16
	.asciz	"bootrig boot program 1.0 for x64 UEFI"
	.org	0x3c
	.long	pe-image
pe:	.ascii	"PE\0\0"
	.word	0x8664, 2			# x64; two sections
	.long	0, 0, 0
	.word	sections-optional, 0x22e	# executable, large addresses, no debug data, no line numbers
optional:
	.word	0x20b				# PE32+
	.byte	1, 0
	.long	PAGE, PAGE, 0			# sizes of code and data
	.long	start-image, code-image
	.quad	0
	.long	PAGE, PAGE			# in memory and in the file alike
	.word	0, 0, 1, 0, 0, 0
	.long	0, 3*PAGE, PAGE, 0
	.word	10, 0x100			# an EFI application; it may lie where it likes, its data is never run
	.quad	PAGE, PAGE, 0, 0
	.long	0, 0				# no data directories
sections:
	.ascii	".text\0\0\0"
	.long	PAGE, code-image, PAGE, code-image, 0, 0, 0, 0x60000020
	.ascii	".data\0\0\0"
	.long	PAGE, data-image, PAGE, data-image, 0, 0, 0, 0xc0000040

	.org	PAGE
code:
start:
	push	rbx
	push	rbp
	push	rsi
	push	rdi
	push	r12
	push	r13
	push	r14
	sub	rsp, 32				# eight words with the way back: aligned
	mov	r12, rcx
	mov	r13, rdx
	mov	rbp, [rdx+ST_BOOT]
	lea	rdi, [rip+line]			# RDI is where the line goes on

	xor	ecx, ecx			# no watchdog: a person may look at the screen for long
	xor	edx, edx
	xor	r8d, r8d
	xor	r9d, r9d
	call	[rbp+BOOT_WATCHDOG]

	lea	rsi, [rip+msg_bootrig]
	call	text
	mov	rcx, r12
	lea	rdx, [rip+loaded_image]
	call	protocol
	jnz	finish
	mov	r12, [rax+IMAGE_DEVICE]		# from here on R12 is the device we came from
	mov	rcx, r12
	lea	rdx, [rip+pxe_base_code]
	call	protocol
	jnz	by_path
	mov	rbx, [rax+PXE_MODE]
	cmp	byte ptr [rbx+MODE_ACK_CAME], 0
	jne	by_pxe

# by_path: the device path says it: HTTP boot adds the URI to the card's.
by_path:
	mov	rcx, r12
	lea	rdx, [rip+device_path]
	call	protocol
	jnz	finish
	mov	rbx, rax
	mov	r12d, NODE_URI
	call	node
	jne	1f
	lea	rsi, [rip+msg_uri]
	call	text
	lea	rsi, [rdx+4]
	lea	r14d, [rcx-4]
	call	chars
1:	mov	r12d, NODE_MAC
	call	node
	jne	finish
	lea	rsi, [rip+msg_mac]
	call	text
	lea	rsi, [rdx+4]
	call	print_mac
	jmp	finish

# by_pxe: RBX is the mode of the PXE base code, which keeps the packets. The server is that of the
# packet with the boot file: a boot server's, a proxy's, the lease's.
by_pxe:
	lea	rsi, [rip+msg_server]
	call	text
	lea	rsi, [rbx+MODE_REPLY]
	cmp	byte ptr [rbx+MODE_REPLY_CAME], 0
	jne	1f
	lea	rsi, [rbx+MODE_PROXY]
	cmp	byte ptr [rbx+MODE_PROXY_CAME], 0
	jne	1f
	lea	rsi, [rbx+MODE_ACK]
1:	call	server
	call	print_ip
	lea	rsi, [rip+msg_address]
	call	text
	lea	rsi, [rbx+MODE_ADDRESS]
	call	print_ip
	lea	rsi, [rip+msg_mac]
	call	text
	lea	rsi, [rbx+MODE_ACK+28]		# chaddr
	call	print_mac

finish:
	lea	rsi, [rip+msg_rest]
	call	text
	call	print
	mov	rbx, [r13+ST_CONIN]
	test	rbx, rbx
	jz	9f
1:	mov	rcx, rbx			# keys pressed before the question are no answer
	lea	rdx, [rip+key]
	call	[rbx+CONIN_READ]
	test	rax, rax
	jz	1b
	mov	ecx, 1
	lea	rdx, [rbx+CONIN_EVENT]
	lea	r8, [rip+index]
	call	[rbp+BOOT_WAIT]
	mov	rcx, rbx
	lea	rdx, [rip+key]
	call	[rbx+CONIN_READ]
	lea	rdi, [rip+line]
	lea	rsi, [rip+msg_bye]
	call	text
	call	print
9:	xor	eax, eax			# EFI_SUCCESS
	add	rsp, 32
	pop	r14
	pop	r13
	pop	r12
	pop	rdi
	pop	rsi
	pop	rbp
	pop	rbx
	ret

# protocol: RAX to the protocol with the GUID at RDX of the handle RCX. ZF clear if it has none.
protocol:
	sub	rsp, 40
	lea	r8, [rip+interface]
	call	[rbp+BOOT_PROTOCOL]
	add	rsp, 40
	test	rax, rax
	mov	rax, [rip+interface]
	ret

# node: RDX to the messaging node of type R12 in the device path at RBX, RCX its length. ZF clear if
# there is none.
node:
	mov	rdx, rbx
1:	movzx	ecx, word ptr [rdx+2]
	cmp	byte ptr [rdx], NODE_END
	je	8f
	cmp	ecx, 4
	jb	9f
	cmp	byte ptr [rdx], NODE_MESSAGING
	jne	2f
	cmp	byte ptr [rdx+1], r12b
	je	9f
2:	add	rdx, rcx
	jmp	1b
8:	or	ecx, 1
9:	ret

# server: RSI from a packet to its siaddr, or where that is 0 to its server identifier.
server:
	add	rsi, BOOTP_SIADDR
	cmp	dword ptr [rsi], 0
	jne	9f
	lea	rdx, [rsi+BOOTP_OPTIONS-BOOTP_SIADDR]
	lea	r8, [rsi+PACKET_SIZE-BOOTP_SIADDR-6]
1:	cmp	rdx, r8
	ja	9f
	movzx	ecx, byte ptr [rdx+1]
	mov	al, [rdx]
	inc	rdx
	cmp	al, OPT_PAD
	je	1b
	cmp	al, OPT_END
	je	9f
	inc	rdx
	cmp	al, OPT_SERVER_ID
	je	8f
	add	rdx, rcx
	jmp	1b
8:	mov	rsi, rdx
9:	ret

# print_ip: the address at RSI, or "none" for 0.0.0.0.
print_ip:
	cmp	dword ptr [rsi], 0
	jz	3f
	mov	r14d, 4
	jmp	2f
1:	mov	ax, '.'
	stosw
2:	movzx	eax, byte ptr [rsi]
	inc	rsi
	call	decimal
	dec	r14d
	jnz	1b
	ret
3:	lea	rsi, [rip+msg_none]
	jmp	text

decimal:					# AL
	mov	ah, 0
	mov	cl, 10
	div	cl
	push	rax
	test	al, al
	jz	1f
	call	decimal
1:	pop	rax
	movzx	eax, ah
	add	eax, '0'
	stosw
	ret

print_mac:					# the six bytes at RSI
	mov	r14d, 6
	jmp	2f
1:	mov	ax, ':'
	stosw
2:	movzx	eax, byte ptr [rsi]
	inc	rsi
	mov	ecx, eax
	shr	eax, 4
	call	digit
	mov	eax, ecx
	and	eax, 15
	call	digit
	dec	r14d
	jnz	1b
	ret
digit:	cmp	eax, 10
	jb	1f
	add	eax, 'a'-'0'-10
1:	add	eax, '0'
	stosw
	ret

text:						# the NUL-terminated text at RSI
	mov	r14d, line_end-line
# chars: at most R14 bytes of it, as UCS-2. A line that is nearly full takes no more text, so that
# numbers need not ask.
chars:	lea	rax, [rip+line_end-512]
	cmp	rdi, rax
	ja	9f
	dec	r14d
	js	9f
	movzx	eax, byte ptr [rsi]
	inc	rsi
	test	eax, eax
	jz	9f
	stosw
	jmp	chars
9:	ret

print:	xor	eax, eax			# the line, to all consoles
	stosw
	sub	rsp, 40
	mov	rcx, [r13+ST_CONOUT]
	lea	rdx, [rip+line]
	test	rcx, rcx
	jz	1f
	call	[rcx+CONOUT_STRING]
1:	add	rsp, 40
	ret

msg_bootrig:	.asciz	"\r\nbootrig:"
msg_server:	.asciz	" server "
msg_address:	.asciz	" address "
msg_mac:	.asciz	" mac "
msg_uri:	.asciz	" uri "
msg_none:	.asciz	"none"
msg_rest:	.ascii	"\r\nThe network boot of this x64 UEFI machine works: this program came by it.\r\n"
		.ascii	"To boot an operating system, give the server its files:\r\n"
		.ascii	"    bootrig serve -C dnsmasq.conf\r\n"
		.asciz	"bootrig boot program 1.0: press a key to try the next boot device.\r\n"
msg_bye:	.asciz	"bootrig: back to the firmware.\r\n"

	.balign	8
loaded_image:	.long	0x5b1b31a1
		.word	0x9562, 0x11d2
		.byte	0x8e, 0x3f, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b
pxe_base_code:	.long	0x03c4e603
		.word	0xac28, 0x11d3
		.byte	0x9a, 0x2d, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d
device_path:	.long	0x09576e91
		.word	0x6d3f, 0x11d2
		.byte	0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b

	.org	2*PAGE
data:
interface:	.quad	0
index:		.quad	0
key:		.long	0
		.balign	16
line:						# UCS-2
	.org	3*PAGE
line_end:
