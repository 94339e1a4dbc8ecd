	.file	"mqtt_levers_test.c"
	.text
.Ltext0:
	.file 0 "/work/team/hands" "test/process/mqtt_levers_test.c"
	.section	.rodata.str1.1,"aMS",@progbits,1
.LC10:
	.string	"/proc/self/exe"
.LC11:
	.string	"test/process/process.h"
	.section	.rodata.str1.8,"aMS",@progbits,1
	.align 8
.LC12:
	.string	"readlink(\"/proc/self/exe\", path, sizeof path - 1) > 0"
	.section	.rodata.str1.1
.LC13:
	.string	"program"
.LC14:
	.string	"%s/../../app/%s"
	.section	.rodata.str1.8
	.align 8
.LC15:
	.string	"asprintf(&program, \"%s/../../app/%s\", dirname(path), name) > 0"
	.text
	.p2align 4
	.type	process_program, @function
process_program:
.LVL0:
.LFB38:
	.file 1 "test/process/process.h"
	.loc 1 144 55 view -0
	.cfi_startproc
	.loc 1 144 55 is_stmt 0 view .LVU1
	pushq	%r12
	.cfi_def_cfa_offset 16
	.cfi_offset 12, -16
	.loc 1 145 10 view .LVU2
	movl	$510, %ecx
	pxor	%xmm0, %xmm0
	.loc 1 146 5 view .LVU3
	movl	$4095, %edx
	.loc 1 144 55 view .LVU4
	pushq	%rbp
	.cfi_def_cfa_offset 24
	.cfi_offset 6, -24
	.loc 1 146 5 view .LVU5
	leaq	.LC11(%rip), %rbp
	.loc 1 144 55 view .LVU6
	pushq	%rbx
	.cfi_def_cfa_offset 32
	.cfi_offset 3, -32
	movq	%rdi, %rbx
	subq	$4128, %rsp
	.cfi_def_cfa_offset 4160
	.loc 1 144 55 view .LVU7
	movq	%fs:40, %rax
	movq	%rax, 4120(%rsp)
	xorl	%eax, %eax
	.loc 1 145 5 is_stmt 1 view .LVU8
	.loc 1 145 10 is_stmt 0 view .LVU9
	leaq	32(%rsp), %rdi
.LVL1:
	.loc 1 146 5 view .LVU10
	leaq	16(%rsp), %r12
	.loc 1 145 10 view .LVU11
	movaps	%xmm0, 16(%rsp)
	.loc 1 146 5 view .LVU12
	movq	%r12, %rsi
	.loc 1 145 10 view .LVU13
	rep stosq
	.loc 1 146 5 is_stmt 1 view .LVU14
	leaq	.LC10(%rip), %rdi
	call	readlink@PLT
.LVL2:
	xorl	%edi, %edi
	movl	$146, %ecx
	movq	%rbp, %rdx
	testq	%rax, %rax
	leaq	.LC12(%rip), %rsi
	setg	%dil
	call	_assert_true@PLT
.LVL3:
	.loc 1 147 5 view .LVU15
	.loc 1 148 8 is_stmt 0 view .LVU16
	cmpb	$47, (%rbx)
	.loc 1 147 11 view .LVU17
	movq	$0, 8(%rsp)
	.loc 1 148 5 is_stmt 1 view .LVU18
	.loc 1 148 8 is_stmt 0 view .LVU19
	je	.L7
	.loc 1 153 5 is_stmt 1 view .LVU20
	movq	%r12, %rdi
	call	dirname@PLT
.LVL4:
	leaq	8(%rsp), %rdi
	movq	%rbx, %rcx
	leaq	.LC14(%rip), %rsi
	movq	%rax, %rdx
	xorl	%eax, %eax
	call	asprintf@PLT
.LVL5:
	xorl	%edi, %edi
	movl	$153, %ecx
	movq	%rbp, %rdx
	testl	%eax, %eax
	leaq	.LC15(%rip), %rsi
	setg	%dil
	call	_assert_true@PLT
.LVL6:
	.loc 1 154 5 view .LVU21
	.loc 1 154 12 is_stmt 0 view .LVU22
	movq	8(%rsp), %rax
.L1:
	.loc 1 155 1 view .LVU23
	movq	4120(%rsp), %rdx
	subq	%fs:40, %rdx
	jne	.L8
	addq	$4128, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 32
	popq	%rbx
	.cfi_def_cfa_offset 24
.LVL7:
	.loc 1 155 1 view .LVU24
	popq	%rbp
	.cfi_def_cfa_offset 16
	popq	%r12
	.cfi_def_cfa_offset 8
	ret
.LVL8:
	.p2align 4,,10
	.p2align 3
.L7:
	.cfi_restore_state
	.loc 1 149 9 is_stmt 1 view .LVU25
	.loc 1 149 19 is_stmt 0 view .LVU26
	movq	%rbx, %rdi
	call	strdup@PLT
.LVL9:
	.loc 1 150 9 view .LVU27
	movl	$150, %ecx
	movq	%rbp, %rdx
	leaq	.LC13(%rip), %rsi
	.loc 1 149 19 view .LVU28
	movq	%rax, %rdi
	.loc 1 149 17 view .LVU29
	movq	%rax, 8(%rsp)
	.loc 1 150 9 is_stmt 1 view .LVU30
	call	_assert_true@PLT
.LVL10:
	.loc 1 151 9 view .LVU31
	.loc 1 151 16 is_stmt 0 view .LVU32
	movq	8(%rsp), %rax
	jmp	.L1
.L8:
	.loc 1 155 1 view .LVU33
	call	__stack_chk_fail@PLT
.LVL11:
	.cfi_endproc
.LFE38:
	.size	process_program, .-process_program
	.section	.rodata.str1.1
.LC17:
	.string	"process_count < PROCESS_MAX"
	.section	.rodata.str1.8
	.align 8
.LC18:
	.string	"pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0"
	.section	.rodata.str1.1
.LC19:
	.string	"process->id >= 0"
.LC20:
	.string	"xterm"
.LC21:
	.string	"TERM"
.LC22:
	.string	"UTC"
.LC23:
	.string	"TZ"
	.text
	.p2align 4
	.type	process_start_with, @function
process_start_with:
.LVL12:
.LFB40:
	.loc 1 176 89 is_stmt 1 view -0
	.cfi_startproc
	.loc 1 176 89 is_stmt 0 view .LVU35
	pushq	%r13
	.cfi_def_cfa_offset 16
	.cfi_offset 13, -16
	.loc 1 178 31 view .LVU36
	movl	$120, %esi
	.loc 1 176 89 view .LVU37
	pushq	%r12
	.cfi_def_cfa_offset 24
	.cfi_offset 12, -24
	.loc 1 180 5 view .LVU38
	leaq	.LC11(%rip), %r12
	.loc 1 176 89 view .LVU39
	pushq	%rbp
	.cfi_def_cfa_offset 32
	.cfi_offset 6, -32
	movq	%rdi, %rbp
	.loc 1 178 31 view .LVU40
	movl	$1, %edi
.LVL13:
	.loc 1 176 89 view .LVU41
	pushq	%rbx
	.cfi_def_cfa_offset 40
	.cfi_offset 3, -40
	subq	$56, %rsp
	.cfi_def_cfa_offset 96
	.loc 1 176 89 view .LVU42
	movq	%fs:40, %rax
	movq	%rax, 40(%rsp)
	xorl	%eax, %eax
	.loc 1 177 5 is_stmt 1 view .LVU43
	.loc 1 177 9 is_stmt 0 view .LVU44
	movq	.LC16(%rip), %rax
	movq	%rax, 16(%rsp)
	.loc 1 177 27 view .LVU45
	movq	%rax, 24(%rsp)
	.loc 1 177 46 view .LVU46
	movq	%rax, 32(%rsp)
	.loc 1 178 5 is_stmt 1 view .LVU47
	.loc 1 178 31 is_stmt 0 view .LVU48
	call	calloc@PLT
.LVL14:
	movq	%rax, %rbx
.LVL15:
	.loc 1 179 5 is_stmt 1 view .LVU49
	.loc 1 179 21 is_stmt 0 view .LVU50
	movq	8(%rbp), %rax
.LVL16:
	.loc 1 179 21 view .LVU51
	movq	(%rax), %rdi
	call	process_program
.LVL17:
	.loc 1 180 5 view .LVU52
	xorl	%edi, %edi
	movl	$180, %ecx
	movq	%r12, %rdx
	cmpq	$127, process_count(%rip)
	leaq	.LC17(%rip), %rsi
	.loc 1 179 21 view .LVU53
	movq	%rax, %r13
.LVL18:
	.loc 1 180 5 is_stmt 1 view .LVU54
	setbe	%dil
	call	_assert_true@PLT
.LVL19:
	.loc 1 181 5 view .LVU55
	leaq	16(%rsp), %rdi
	movl	$524288, %esi
	call	pipe2@PLT
.LVL20:
	testl	%eax, %eax
	je	.L10
.L12:
	.loc 1 176 89 is_stmt 0 view .LVU56
	xorl	%edi, %edi
.L11:
	.loc 1 181 5 discriminator 8 view .LVU57
	movl	$181, %ecx
	movq	%r12, %rdx
	leaq	.LC18(%rip), %rsi
	call	_assert_true@PLT
.LVL21:
	.loc 1 183 5 is_stmt 1 discriminator 8 view .LVU58
	.loc 1 183 19 is_stmt 0 discriminator 8 view .LVU59
	call	fork@PLT
.LVL22:
	.loc 1 184 5 discriminator 8 view .LVU60
	movl	$184, %ecx
	movq	%r12, %rdx
	leaq	.LC19(%rip), %rsi
	movslq	%eax, %rdi
	.loc 1 183 17 discriminator 8 view .LVU61
	movl	%eax, (%rbx)
	.loc 1 184 5 is_stmt 1 discriminator 8 view .LVU62
	notq	%rdi
	shrq	$63, %rdi
	call	_assert_true@PLT
.LVL23:
	.loc 1 185 5 discriminator 8 view .LVU63
	.loc 1 185 8 is_stmt 0 discriminator 8 view .LVU64
	movl	(%rbx), %eax
	testl	%eax, %eax
	je	.L25
	.loc 1 191 5 is_stmt 1 view .LVU65
	movl	16(%rsp), %edi
	call	close@PLT
.LVL24:
	.loc 1 192 5 view .LVU66
	movl	28(%rsp), %edi
	call	close@PLT
.LVL25:
	.loc 1 193 5 view .LVU67
	movl	36(%rsp), %edi
	call	close@PLT
.LVL26:
	.loc 1 194 5 view .LVU68
	movq	%r13, %rdi
	call	free@PLT
.LVL27:
	.loc 1 195 5 view .LVU69
	movl	20(%rsp), %edi
	movl	$2048, %edx
	xorl	%eax, %eax
	movl	$4, %esi
	call	fcntl64@PLT
.LVL28:
	movq	%r12, %rdx
	movl	$195, %ecx
	xorl	%esi, %esi
	movslq	%eax, %rdi
	call	_assert_int_equal@PLT
.LVL29:
	.loc 1 196 5 view .LVU70
	.loc 1 196 35 is_stmt 0 view .LVU71
	movq	8(%rbp), %rax
	.loc 1 197 17 view .LVU72
	movd	20(%rsp), %xmm0
	movd	24(%rsp), %xmm1
	.loc 1 196 35 view .LVU73
	movq	(%rax), %rax
	.loc 1 197 17 view .LVU74
	punpckldq	%xmm1, %xmm0
	.loc 1 196 19 view .LVU75
	movq	%rax, 104(%rbx)
	.loc 1 197 5 is_stmt 1 view .LVU76
	.loc 1 198 5 view .LVU77
	.loc 1 199 21 is_stmt 0 view .LVU78
	movl	32(%rsp), %eax
	.loc 1 197 17 view .LVU79
	movq	%xmm0, 4(%rbx)
	.loc 1 199 5 is_stmt 1 view .LVU80
	.loc 1 199 21 is_stmt 0 view .LVU81
	movl	%eax, 56(%rbx)
	.loc 1 200 5 is_stmt 1 view .LVU82
	.loc 1 200 30 is_stmt 0 view .LVU83
	movq	process_count(%rip), %rax
	leaq	1(%rax), %rdx
	movq	%rdx, process_count(%rip)
	.loc 1 200 34 view .LVU84
	leaq	process_all(%rip), %rdx
	movq	%rbx, (%rdx,%rax,8)
	.loc 1 201 5 is_stmt 1 view .LVU85
	.loc 1 202 1 is_stmt 0 view .LVU86
	movq	40(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L26
	.loc 1 202 1 view .LVU87
	addq	$56, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 40
	movq	%rbx, %rax
	popq	%rbx
	.cfi_def_cfa_offset 32
.LVL30:
	.loc 1 202 1 view .LVU88
	popq	%rbp
	.cfi_def_cfa_offset 24
.LVL31:
	.loc 1 202 1 view .LVU89
	popq	%r12
	.cfi_def_cfa_offset 16
	popq	%r13
	.cfi_def_cfa_offset 8
.LVL32:
	.loc 1 202 1 view .LVU90
	ret
.LVL33:
	.p2align 4,,10
	.p2align 3
.L10:
	.cfi_restore_state
	.loc 1 181 5 discriminator 1 view .LVU91
	leaq	24(%rsp), %rdi
	movl	$524288, %esi
	call	pipe2@PLT
.LVL34:
	testl	%eax, %eax
	jne	.L12
	.loc 1 181 5 discriminator 3 view .LVU92
	leaq	32(%rsp), %rdi
	movl	$524288, %esi
	call	pipe2@PLT
.LVL35:
	xorl	%edi, %edi
	testl	%eax, %eax
	sete	%dil
	jmp	.L11
.L25:
	.loc 1 186 9 is_stmt 1 view .LVU93
	movl	16(%rsp), %edi
	xorl	%esi, %esi
	call	dup2@PLT
.LVL36:
	.loc 1 187 9 view .LVU94
	movl	28(%rsp), %edi
	movl	$1, %esi
	call	dup2@PLT
.LVL37:
	.loc 1 188 9 view .LVU95
	movl	36(%rsp), %edi
	movl	$2, %esi
	call	dup2@PLT
.LVL38:
	.loc 1 189 9 view .LVU96
.LBB113:
.LBI113:
	.loc 1 157 30 view .LVU97
.LBB114:
	.loc 1 158 5 view .LVU98
	.loc 1 158 11 is_stmt 0 view .LVU99
	movl	$9, %esi
	movl	$1, %edi
	xorl	%eax, %eax
	call	prctl@PLT
.LVL39:
	.loc 1 159 5 is_stmt 1 view .LVU100
	.loc 1 159 16 is_stmt 0 view .LVU101
	movq	16(%rbp), %rax
	.loc 1 159 8 view .LVU102
	testq	%rax, %rax
	jne	.L27
.L14:
	.loc 1 163 5 is_stmt 1 view .LVU103
	.loc 1 163 8 is_stmt 0 view .LVU104
	cmpb	$0, 24(%rbp)
	je	.L15
	.loc 1 163 34 view .LVU105
	call	geteuid@PLT
.LVL40:
	.loc 1 163 31 view .LVU106
	testl	%eax, %eax
	je	.L28
.L15:
	.loc 1 167 5 is_stmt 1 view .LVU107
	.loc 1 167 11 is_stmt 0 view .LVU108
	movl	$1, %edx
	leaq	.LC20(%rip), %rsi
	leaq	.LC21(%rip), %rdi
	call	setenv@PLT
.LVL41:
	.loc 1 168 5 is_stmt 1 view .LVU109
	.loc 1 168 11 is_stmt 0 view .LVU110
	leaq	.LC23(%rip), %rdi
	movl	$1, %edx
	leaq	.LC22(%rip), %rsi
	call	setenv@PLT
.LVL42:
	.loc 1 169 5 is_stmt 1 view .LVU111
	.loc 1 169 9 is_stmt 0 view .LVU112
	movq	0(%rbp), %rdi
	call	chdir@PLT
.LVL43:
	.loc 1 169 8 view .LVU113
	testl	%eax, %eax
	je	.L29
.L18:
	.loc 1 172 5 is_stmt 1 view .LVU114
	movq	%r13, %rdi
	call	perror@PLT
.LVL44:
.L24:
	.loc 1 173 5 view .LVU115
	movl	$127, %edi
	call	_exit@PLT
.LVL45:
.L26:
	.loc 1 173 5 is_stmt 0 view .LVU116
.LBE114:
.LBE113:
	.loc 1 202 1 view .LVU117
	call	__stack_chk_fail@PLT
.LVL46:
.L27:
.LBB117:
.LBB116:
.LBB115:
	.loc 1 160 9 is_stmt 1 view .LVU118
	.loc 1 161 15 is_stmt 0 view .LVU119
	movq	%rsp, %rsi
	movl	$1, %edi
	.loc 1 160 23 view .LVU120
	movq	%rax, (%rsp)
	movq	$-1, 8(%rsp)
	.loc 1 161 9 is_stmt 1 view .LVU121
	.loc 1 161 15 is_stmt 0 view .LVU122
	call	setrlimit64@PLT
.LVL47:
	jmp	.L14
.L28:
	.loc 1 161 15 view .LVU123
.LBE115:
	.loc 1 164 10 view .LVU124
	movl	$65534, %edi
	call	setgid@PLT
.LVL48:
	.loc 1 163 49 view .LVU125
	testl	%eax, %eax
	jne	.L24
	.loc 1 164 32 view .LVU126
	movl	$65534, %edi
	call	setuid@PLT
.LVL49:
	.loc 1 164 29 view .LVU127
	testl	%eax, %eax
	jne	.L24
	.loc 1 164 54 view .LVU128
	movl	$1, %esi
	movq	%r13, %rdi
	call	access@PLT
.LVL50:
	.loc 1 164 51 view .LVU129
	testl	%eax, %eax
	jne	.L24
	jmp	.L15
.L29:
	.loc 1 170 9 is_stmt 1 view .LVU130
	movq	8(%rbp), %rsi
	movq	%r13, %rdi
	call	execv@PLT
.LVL51:
	jmp	.L18
.LBE116:
.LBE117:
	.cfi_endproc
.LFE40:
	.size	process_start_with, .-process_start_with
	.p2align 4
	.type	process_tear_down, @function
process_tear_down:
.LVL52:
.LFB59:
	.loc 1 387 51 view -0
	.cfi_startproc
	.loc 1 388 5 view .LVU132
	.loc 1 389 5 view .LVU133
.LBB124:
	.loc 1 389 10 view .LVU134
	.loc 1 389 26 view .LVU135
	cmpq	$0, process_count(%rip)
.LBE124:
	.loc 1 387 51 is_stmt 0 view .LVU136
	pushq	%r12
	.cfi_def_cfa_offset 16
	.cfi_offset 12, -16
	pushq	%rbp
	.cfi_def_cfa_offset 24
	.cfi_offset 6, -24
	pushq	%rbx
	.cfi_def_cfa_offset 32
	.cfi_offset 3, -32
.LBB133:
	.loc 1 389 26 view .LVU137
	je	.L31
	.loc 1 389 17 view .LVU138
	xorl	%ebp, %ebp
	leaq	process_all(%rip), %r12
.LVL53:
	.p2align 4,,10
	.p2align 3
.L36:
	.loc 1 390 9 is_stmt 1 discriminator 3 view .LVU139
	movq	(%r12,%rbp,8), %rbx
.LVL54:
.LBB125:
.LBI125:
	.loc 1 371 20 discriminator 3 view .LVU140
.LBB126:
	.loc 1 372 5 discriminator 3 view .LVU141
	.loc 1 372 16 is_stmt 0 discriminator 3 view .LVU142
	movl	(%rbx), %edi
	.loc 1 372 8 discriminator 3 view .LVU143
	testl	%edi, %edi
	jle	.L32
	.loc 1 373 9 is_stmt 1 view .LVU144
	.loc 1 373 15 is_stmt 0 view .LVU145
	movl	$9, %esi
	call	kill@PLT
.LVL55:
	.loc 1 374 9 is_stmt 1 view .LVU146
	.loc 1 374 15 is_stmt 0 view .LVU147
	movl	(%rbx), %edi
	xorl	%edx, %edx
	xorl	%esi, %esi
	call	waitpid@PLT
.LVL56:
.L32:
	.loc 1 376 5 is_stmt 1 view .LVU148
.LBB127:
.LBI127:
	.loc 1 252 20 view .LVU149
.LBB128:
	.loc 1 253 5 view .LVU150
	.loc 1 253 16 is_stmt 0 view .LVU151
	movl	4(%rbx), %edi
	.loc 1 253 8 view .LVU152
	testl	%edi, %edi
	js	.L33
	.loc 1 254 9 is_stmt 1 view .LVU153
	call	close@PLT
.LVL57:
	.loc 1 255 9 view .LVU154
	.loc 1 255 21 is_stmt 0 view .LVU155
	movl	$-1, 4(%rbx)
.L33:
.LVL58:
	.loc 1 255 21 view .LVU156
.LBE128:
.LBE127:
	.loc 1 377 5 is_stmt 1 view .LVU157
	.loc 1 378 5 view .LVU158
.LBB129:
	.loc 1 378 10 view .LVU159
	.loc 1 378 26 view .LVU160
	.loc 1 379 9 view .LVU161
	.loc 1 379 20 is_stmt 0 view .LVU162
	movl	8(%rbx), %edi
	.loc 1 379 12 view .LVU163
	testl	%edi, %edi
	js	.L34
	.loc 1 380 13 is_stmt 1 view .LVU164
	call	close@PLT
.LVL59:
.L34:
	.loc 1 382 9 view .LVU165
	movq	16(%rbx), %rdi
	call	free@PLT
.LVL60:
	.loc 1 378 32 view .LVU166
	.loc 1 378 26 view .LVU167
	.loc 1 379 9 view .LVU168
	.loc 1 379 20 is_stmt 0 view .LVU169
	movl	56(%rbx), %edi
	.loc 1 379 12 view .LVU170
	testl	%edi, %edi
	js	.L35
	.loc 1 380 13 is_stmt 1 view .LVU171
	call	close@PLT
.LVL61:
.L35:
	.loc 1 382 9 view .LVU172
	movq	64(%rbx), %rdi
.LBE129:
.LBE126:
.LBE125:
	.loc 1 389 44 is_stmt 0 view .LVU173
	addq	$1, %rbp
.LVL62:
.LBB132:
.LBB131:
.LBB130:
	.loc 1 382 9 view .LVU174
	call	free@PLT
.LVL63:
	.loc 1 378 32 is_stmt 1 view .LVU175
	.loc 1 378 26 view .LVU176
.LBE130:
	.loc 1 384 5 view .LVU177
	movq	%rbx, %rdi
	call	free@PLT
.LVL64:
	.loc 1 384 5 is_stmt 0 view .LVU178
.LBE131:
.LBE132:
	.loc 1 389 44 is_stmt 1 view .LVU179
	.loc 1 389 26 view .LVU180
	cmpq	process_count(%rip), %rbp
	jb	.L36
.LVL65:
.L31:
	.loc 1 389 26 is_stmt 0 view .LVU181
.LBE133:
	.loc 1 392 5 is_stmt 1 view .LVU182
	.loc 1 393 5 is_stmt 0 view .LVU183
	movq	process_folder(%rip), %rdi
	.loc 1 392 19 view .LVU184
	movq	$0, process_count(%rip)
	.loc 1 393 5 is_stmt 1 view .LVU185
	call	support_remove_folder@PLT
.LVL66:
	.loc 1 394 5 view .LVU186
	.loc 1 395 1 is_stmt 0 view .LVU187
	popq	%rbx
	.cfi_def_cfa_offset 24
	xorl	%eax, %eax
	popq	%rbp
	.cfi_def_cfa_offset 16
	popq	%r12
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
.LFE59:
	.size	process_tear_down, .-process_tear_down
	.section	.rodata.str1.1
.LC24:
	.string	"XDG_STATE_HOME"
	.text
	.p2align 4
	.type	process_set_up, @function
process_set_up:
.LVL67:
.LFB57:
	.loc 1 362 48 is_stmt 1 view -0
	.cfi_startproc
	.loc 1 363 5 view .LVU189
	.loc 1 362 48 is_stmt 0 view .LVU190
	subq	$8, %rsp
	.cfi_def_cfa_offset 16
	.loc 1 363 12 view .LVU191
	movq	$0, (%rdi)
	.loc 1 364 5 is_stmt 1 view .LVU192
	.loc 1 364 11 is_stmt 0 view .LVU193
	movl	$1, %esi
	movl	$13, %edi
.LVL68:
	.loc 1 364 11 view .LVU194
	call	signal@PLT
.LVL69:
	.loc 1 365 5 is_stmt 1 view .LVU195
	.loc 1 365 22 is_stmt 0 view .LVU196
	call	support_make_folder@PLT
.LVL70:
	.loc 1 366 5 view .LVU197
	movl	$1, %edx
	leaq	.LC24(%rip), %rdi
	.loc 1 365 22 view .LVU198
	movq	%rax, %rsi
	.loc 1 365 20 view .LVU199
	movq	%rax, process_folder(%rip)
	.loc 1 366 5 is_stmt 1 view .LVU200
	call	setenv@PLT
.LVL71:
	.loc 1 367 5 view .LVU201
	.loc 1 369 1 is_stmt 0 view .LVU202
	xorl	%eax, %eax
	.loc 1 367 19 view .LVU203
	movq	$0, process_count(%rip)
	.loc 1 368 5 is_stmt 1 view .LVU204
	.loc 1 369 1 is_stmt 0 view .LVU205
	addq	$8, %rsp
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
.LFE57:
	.size	process_set_up, .-process_set_up
	.section	.rodata.str1.1
.LC25:
	.string	"stream->text"
	.text
	.p2align 4
	.type	process_pump.isra.0, @function
process_pump.isra.0:
.LVL72:
.LFB133:
	.loc 1 109 20 is_stmt 1 view -0
	.cfi_startproc
	.loc 1 109 20 is_stmt 0 view .LVU207
	pushq	%r13
	.cfi_def_cfa_offset 16
	.cfi_offset 13, -16
	movl	%esi, %edx
	pushq	%r12
	.cfi_def_cfa_offset 24
	.cfi_offset 12, -24
	pushq	%rbp
	.cfi_def_cfa_offset 32
	.cfi_offset 6, -32
	pushq	%rbx
	.cfi_def_cfa_offset 40
	.cfi_offset 3, -40
	subq	$4120, %rsp
	.cfi_def_cfa_offset 4160
.LBB147:
	.loc 1 113 26 view .LVU208
	movq	%fs:40, %rax
	movq	%rax, 4104(%rsp)
	movq	process_count(%rip), %rax
	testq	%rax, %rax
	je	.L42
	leaq	process_all(%rip), %rcx
.LBE147:
	.loc 1 112 12 view .LVU209
	xorl	%ebx, %ebx
	leaq	(%rcx,%rax,8), %r9
.LVL73:
	.p2align 4,,10
	.p2align 3
.L45:
.LBB160:
.LBB148:
	.loc 1 114 9 is_stmt 1 view .LVU210
	.loc 1 114 46 is_stmt 0 view .LVU211
	movq	(%rcx), %rax
	.loc 1 115 9 is_stmt 1 view .LVU212
.LBB149:
	.loc 1 115 14 view .LVU213
.LVL74:
	.loc 1 115 30 view .LVU214
	.loc 1 116 13 view .LVU215
	.loc 1 116 24 is_stmt 0 view .LVU216
	movl	8(%rax), %r8d
	.loc 1 116 16 view .LVU217
	testl	%r8d, %r8d
	js	.L43
	.loc 1 116 34 view .LVU218
	cmpb	$0, 12(%rax)
	jne	.L43
.LBB150:
	.loc 1 117 17 is_stmt 1 view .LVU219
	.loc 1 118 33 is_stmt 0 view .LVU220
	movq	$0, 2048(%rsp,%rbx,8)
.LBE150:
.LBE149:
	.loc 1 114 34 view .LVU221
	leaq	8(%rax), %r10
.LBB156:
.LBB151:
	.loc 1 118 33 view .LVU222
	movl	%r8d, 2048(%rsp,%rbx,8)
	movl	$1, %r8d
.LBE151:
.LBE156:
	.loc 1 114 34 view .LVU223
	movq	%r10, (%rsp,%rbx,8)
.LBB157:
.LBB152:
	.loc 1 118 17 is_stmt 1 view .LVU224
.LVL75:
	.loc 1 118 33 is_stmt 0 view .LVU225
	movw	%r8w, 2052(%rsp,%rbx,8)
	.loc 1 118 29 view .LVU226
	addq	$1, %rbx
.LVL76:
.L43:
	.loc 1 118 29 view .LVU227
.LBE152:
	.loc 1 115 36 is_stmt 1 view .LVU228
	.loc 1 115 30 view .LVU229
	.loc 1 116 13 view .LVU230
	.loc 1 116 24 is_stmt 0 view .LVU231
	movl	56(%rax), %r8d
	.loc 1 116 16 view .LVU232
	testl	%r8d, %r8d
	js	.L44
	.loc 1 116 34 view .LVU233
	cmpb	$0, 60(%rax)
	jne	.L44
.LBB153:
	.loc 1 117 17 is_stmt 1 view .LVU234
.LBE153:
.LBE157:
	.loc 1 114 56 is_stmt 0 view .LVU235
	addq	$56, %rax
.LBB158:
.LBB154:
	.loc 1 118 33 view .LVU236
	movl	$1, %esi
	movq	$0, 2048(%rsp,%rbx,8)
.LBE154:
.LBE158:
	.loc 1 114 56 view .LVU237
	movq	%rax, (%rsp,%rbx,8)
.LBB159:
.LBB155:
	.loc 1 118 17 is_stmt 1 view .LVU238
.LVL77:
	.loc 1 118 33 is_stmt 0 view .LVU239
	movl	%r8d, 2048(%rsp,%rbx,8)
	movw	%si, 2052(%rsp,%rbx,8)
	.loc 1 118 29 view .LVU240
	addq	$1, %rbx
.LVL78:
.L44:
	.loc 1 118 29 view .LVU241
.LBE155:
	.loc 1 115 36 is_stmt 1 view .LVU242
	.loc 1 115 30 view .LVU243
.LBE159:
.LBE148:
	.loc 1 113 44 view .LVU244
	.loc 1 113 26 view .LVU245
	addq	$8, %rcx
	cmpq	%r9, %rcx
	jne	.L45
	.loc 1 113 26 is_stmt 0 view .LVU246
.LBE160:
	.loc 1 122 5 is_stmt 1 view .LVU247
	.loc 1 123 9 is_stmt 0 view .LVU248
	leaq	2048(%rsp), %r13
	.loc 1 122 19 view .LVU249
	movl	$4, %eax
	.loc 1 123 9 view .LVU250
	leaq	1(%rbx), %rsi
	.loc 1 122 19 view .LVU251
	movq	$0, 2048(%rsp,%rbx,8)
	movl	%edi, 2048(%rsp,%rbx,8)
	.loc 1 123 9 view .LVU252
	movq	%r13, %rdi
.LVL79:
	.loc 1 122 19 view .LVU253
	movw	%ax, 2052(%rsp,%rbx,8)
	.loc 1 123 5 is_stmt 1 view .LVU254
	.loc 1 123 9 is_stmt 0 view .LVU255
	call	poll@PLT
.LVL80:
	.loc 1 123 8 view .LVU256
	testl	%eax, %eax
	jle	.L41
.LVL81:
.LBB161:
	.loc 1 126 26 is_stmt 1 view .LVU257
	testq	%rbx, %rbx
	je	.L41
	.loc 1 126 17 is_stmt 0 view .LVU258
	xorl	%r12d, %r12d
	jmp	.L57
.LVL82:
	.p2align 4,,10
	.p2align 3
.L50:
	.loc 1 126 36 is_stmt 1 view .LVU259
	addq	$1, %r12
.LVL83:
	.loc 1 126 26 view .LVU260
	cmpq	%rbx, %r12
	je	.L41
.LVL84:
.L57:
	.loc 1 127 9 view .LVU261
	.loc 1 127 12 is_stmt 0 view .LVU262
	cmpw	$0, 6(%r13,%r12,8)
	je	.L50
	.loc 1 128 13 is_stmt 1 view .LVU263
	movq	(%rsp,%r12,8), %rbp
.LVL85:
.LBB162:
.LBI162:
	.loc 1 85 20 view .LVU264
.LBB163:
	.loc 1 86 5 view .LVU265
	.loc 1 86 15 is_stmt 0 view .LVU266
	movq	24(%rbp), %rax
	.loc 1 86 34 view .LVU267
	movq	16(%rbp), %rsi
	.loc 1 86 26 view .LVU268
	movq	%rax, %rdx
	subq	%rsi, %rdx
	.loc 1 86 8 view .LVU269
	cmpq	$65536, %rdx
	jbe	.L66
.L51:
	.loc 1 91 5 is_stmt 1 view .LVU270
	.loc 1 91 19 is_stmt 0 view .LVU271
	movl	0(%rbp), %edi
	.loc 1 91 49 view .LVU272
	addq	8(%rbp), %rsi
	.loc 1 91 19 view .LVU273
	movl	$65536, %edx
	call	read@PLT
.LVL86:
	.loc 1 92 5 is_stmt 1 view .LVU274
	.loc 1 92 8 is_stmt 0 view .LVU275
	testq	%rax, %rax
	js	.L67
	.loc 1 95 5 is_stmt 1 view .LVU276
	.loc 1 95 8 is_stmt 0 view .LVU277
	je	.L54
.LBB164:
	.loc 1 101 32 view .LVU278
	movq	8(%rbp), %r8
	.loc 1 101 45 view .LVU279
	movq	16(%rbp), %r9
	.loc 1 100 18 view .LVU280
	xorl	%edx, %edx
	.loc 1 101 15 view .LVU281
	movq	40(%rbp), %rcx
	leaq	(%r8,%r9), %rdi
	.p2align 4,,10
	.p2align 3
.L56:
.LVL87:
	.loc 1 101 9 is_stmt 1 view .LVU282
	.loc 1 101 65 is_stmt 0 view .LVU283
	xorl	%esi, %esi
	cmpb	$10, (%rdi,%rdx)
	sete	%sil
	.loc 1 100 35 view .LVU284
	addq	$1, %rdx
.LVL88:
	.loc 1 101 23 view .LVU285
	addq	%rsi, %rcx
	movq	%rcx, 40(%rbp)
	.loc 1 100 35 is_stmt 1 view .LVU286
.LVL89:
	.loc 1 100 27 view .LVU287
	cmpq	%rdx, %rax
	jg	.L56
.LBE164:
	.loc 1 103 5 view .LVU288
	.loc 1 103 18 is_stmt 0 view .LVU289
	addq	%r9, %rax
.LVL90:
	.loc 1 103 18 view .LVU290
.LBE163:
.LBE162:
	.loc 1 126 36 view .LVU291
	addq	$1, %r12
.LVL91:
.LBB167:
.LBB165:
	.loc 1 103 18 view .LVU292
	movq	%rax, 16(%rbp)
	.loc 1 104 5 is_stmt 1 view .LVU293
	.loc 1 104 32 is_stmt 0 view .LVU294
	movb	$0, (%r8,%rax)
.LVL92:
	.loc 1 104 32 view .LVU295
.LBE165:
.LBE167:
	.loc 1 126 36 is_stmt 1 view .LVU296
	.loc 1 126 26 view .LVU297
	cmpq	%rbx, %r12
	jne	.L57
.LVL93:
	.p2align 4,,10
	.p2align 3
.L41:
	.loc 1 126 26 is_stmt 0 view .LVU298
.LBE161:
	.loc 1 132 1 view .LVU299
	movq	4104(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L68
	addq	$4120, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 40
	popq	%rbx
	.cfi_def_cfa_offset 32
	popq	%rbp
	.cfi_def_cfa_offset 24
	popq	%r12
	.cfi_def_cfa_offset 16
	popq	%r13
	.cfi_def_cfa_offset 8
	ret
.LVL94:
	.p2align 4,,10
	.p2align 3
.L67:
	.cfi_restore_state
.LBB169:
.LBB168:
.LBB166:
	.loc 1 92 21 view .LVU300
	call	__errno_location@PLT
.LVL95:
	.loc 1 92 21 view .LVU301
	movl	(%rax), %eax
	.loc 1 92 17 view .LVU302
	cmpl	$4, %eax
	je	.L50
	cmpl	$11, %eax
	je	.L50
.L54:
	.loc 1 96 9 is_stmt 1 view .LVU303
	movl	0(%rbp), %edi
	call	close@PLT
.LVL96:
	.loc 1 97 9 view .LVU304
	.loc 1 97 20 is_stmt 0 view .LVU305
	movl	$-1, 0(%rbp)
	.loc 1 98 9 is_stmt 1 view .LVU306
	jmp	.L50
.LVL97:
	.p2align 4,,10
	.p2align 3
.L66:
	.loc 1 87 49 is_stmt 0 view .LVU307
	leaq	65537(%rax,%rax), %rsi
	.loc 1 91 42 view .LVU308
	movq	8(%rbp), %rdi
	.loc 1 87 9 is_stmt 1 view .LVU309
	.loc 1 87 26 is_stmt 0 view .LVU310
	movq	%rsi, 24(%rbp)
	.loc 1 88 9 is_stmt 1 view .LVU311
	.loc 1 88 24 is_stmt 0 view .LVU312
	call	realloc@PLT
.LVL98:
	.loc 1 89 9 view .LVU313
	leaq	.LC25(%rip), %rsi
	movl	$89, %ecx
	leaq	.LC11(%rip), %rdx
	.loc 1 88 22 view .LVU314
	movq	%rax, 8(%rbp)
	.loc 1 89 9 is_stmt 1 view .LVU315
	.loc 1 88 24 is_stmt 0 view .LVU316
	movq	%rax, %rdi
	.loc 1 89 9 view .LVU317
	call	_assert_true@PLT
.LVL99:
	.loc 1 91 57 view .LVU318
	movq	16(%rbp), %rsi
	jmp	.L51
.LVL100:
.L42:
	.loc 1 91 57 view .LVU319
.LBE166:
.LBE168:
.LBE169:
	.loc 1 122 5 is_stmt 1 view .LVU320
	.loc 1 122 19 is_stmt 0 view .LVU321
	movl	%edi, 2048(%rsp)
	.loc 1 123 9 view .LVU322
	movl	$1, %esi
	leaq	2048(%rsp), %rdi
.LVL101:
	.loc 1 122 19 view .LVU323
	movl	$4, 2052(%rsp)
	.loc 1 123 5 is_stmt 1 view .LVU324
	.loc 1 123 9 is_stmt 0 view .LVU325
	call	poll@PLT
.LVL102:
	.loc 1 123 9 view .LVU326
	jmp	.L41
.L68:
	.loc 1 132 1 view .LVU327
	call	__stack_chk_fail@PLT
.LVL103:
	.cfi_endproc
.LFE133:
	.size	process_pump.isra.0, .-process_pump.isra.0
	.section	.rodata.str1.1
.LC26:
	.string	""
.LC27:
	.string	"its end"
.LC28:
	.string	"awaited in vain: %s\n"
	.section	.rodata.str1.8
	.align 8
.LC29:
	.string	"%s (%d) printed:\n%s\nand on standard error:\n%s\n"
	.section	.rodata.str1.1
.LC30:
	.string	"exit code %d\n"
	.text
	.p2align 4
	.type	process_assert_code, @function
process_assert_code:
.LVL104:
.LFB52:
	.loc 1 328 79 is_stmt 1 view -0
	.cfi_startproc
	.loc 1 328 79 is_stmt 0 view .LVU329
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	movl	%esi, %r14d
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	movq	%rdi, %rbx
.LBB184:
.LBB185:
.LBB186:
.LBB187:
	.loc 1 81 11 view .LVU330
	movl	$1, %edi
.LVL105:
	.loc 1 81 11 view .LVU331
.LBE187:
.LBE186:
.LBE185:
.LBE184:
	.loc 1 328 79 view .LVU332
	subq	$56, %rsp
	.cfi_def_cfa_offset 112
	.loc 1 328 79 view .LVU333
	movq	%fs:40, %rax
	movq	%rax, 40(%rsp)
	xorl	%eax, %eax
	.loc 1 329 5 is_stmt 1 view .LVU334
.LVL106:
.LBB211:
.LBI184:
	.loc 1 309 19 view .LVU335
.LBB208:
	.loc 1 310 5 view .LVU336
.LBB190:
.LBI186:
	.loc 1 79 24 view .LVU337
.LBB188:
	.loc 1 80 5 view .LVU338
	.loc 1 81 5 view .LVU339
	.loc 1 81 11 is_stmt 0 view .LVU340
	leaq	16(%rsp), %rbp
	movq	%rbp, %rsi
.LVL107:
	.loc 1 81 11 view .LVU341
	call	clock_gettime@PLT
.LVL108:
	.loc 1 82 5 is_stmt 1 view .LVU342
.LBE188:
.LBE190:
.LBB191:
.LBB192:
	.loc 1 253 16 is_stmt 0 view .LVU343
	movl	4(%rbx), %edi
.LBE192:
.LBE191:
	.loc 1 311 9 view .LVU344
	movl	$0, 12(%rsp)
.LBB194:
.LBB189:
	.loc 1 82 64 view .LVU345
	movabsq	$4835703278458516699, %rdx
	.loc 1 82 33 view .LVU346
	imulq	$1000, 16(%rsp), %rcx
	.loc 1 82 64 view .LVU347
	movq	%rdx, %rax
	mulq	24(%rsp)
	shrq	$18, %rdx
.LBE189:
.LBE194:
	.loc 1 310 14 view .LVU348
	leaq	120000(%rcx,%rdx), %r13
.LVL109:
	.loc 1 311 5 is_stmt 1 view .LVU349
	.loc 1 312 5 view .LVU350
.LBB195:
.LBI191:
	.loc 1 252 20 view .LVU351
.LBB193:
	.loc 1 253 5 view .LVU352
	.loc 1 253 8 is_stmt 0 view .LVU353
	testl	%edi, %edi
	js	.L70
	.loc 1 254 9 is_stmt 1 view .LVU354
	call	close@PLT
.LVL110:
	.loc 1 255 9 view .LVU355
	.loc 1 255 21 is_stmt 0 view .LVU356
	movl	$-1, 4(%rbx)
.L70:
.LVL111:
	.loc 1 255 21 view .LVU357
.LBE193:
.LBE195:
	.loc 1 313 5 is_stmt 1 view .LVU358
	.loc 1 313 43 is_stmt 0 view .LVU359
	movb	$0, 60(%rbx)
.LBB196:
.LBB197:
.LBB198:
.LBB199:
	.loc 1 135 11 view .LVU360
	leaq	.LC26(%rip), %r15
.LBE199:
.LBE198:
.LBE197:
.LBE196:
.LBB203:
.LBB204:
	.loc 1 82 64 view .LVU361
	movabsq	$4835703278458516699, %r12
.LBE204:
.LBE203:
	.loc 1 313 23 view .LVU362
	movb	$0, 12(%rbx)
	.loc 1 314 5 is_stmt 1 view .LVU363
	.p2align 4,,10
	.p2align 3
.L72:
	.loc 1 314 33 view .LVU364
	movl	8(%rbx), %edx
	testl	%edx, %edx
	jns	.L75
	movl	56(%rbx), %eax
	testl	%eax, %eax
	js	.L91
.L75:
	.loc 1 315 9 view .LVU365
	.loc 1 315 15 is_stmt 0 view .LVU366
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL112:
	.loc 1 316 9 is_stmt 1 view .LVU367
.LBB206:
.LBI203:
	.loc 1 79 24 view .LVU368
.LBB205:
	.loc 1 80 5 view .LVU369
	.loc 1 81 5 view .LVU370
	.loc 1 81 11 is_stmt 0 view .LVU371
	movq	%rbp, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL113:
	.loc 1 82 5 is_stmt 1 view .LVU372
	.loc 1 82 64 is_stmt 0 view .LVU373
	movq	%r12, %rax
	mulq	24(%rsp)
	.loc 1 82 33 view .LVU374
	imulq	$1000, 16(%rsp), %rcx
	.loc 1 82 64 view .LVU375
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU376
	addq	%rdx, %rcx
.LBE205:
.LBE206:
	.loc 1 316 12 view .LVU377
	cmpq	%rcx, %r13
	jnb	.L72
	.loc 1 317 13 is_stmt 1 view .LVU378
.LVL114:
.LBB207:
.LBI196:
	.loc 1 259 20 view .LVU379
.LBB202:
	.loc 1 260 5 view .LVU380
	.loc 1 260 11 is_stmt 0 view .LVU381
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	leaq	.LC27(%rip), %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL115:
	.loc 1 261 5 is_stmt 1 view .LVU382
.LBB201:
.LBI198:
	.loc 1 134 20 view .LVU383
.LBB200:
	.loc 1 135 5 view .LVU384
	.loc 1 135 11 is_stmt 0 view .LVU385
	cmpq	$0, 72(%rbx)
	movq	%r15, %r9
	je	.L73
	movq	64(%rbx), %r9
.L73:
	.loc 1 135 11 view .LVU386
	cmpq	$0, 24(%rbx)
	movq	%r15, %r8
	je	.L74
	movq	16(%rbx), %r8
.L74:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL116:
	.loc 1 135 11 view .LVU387
.LBE200:
.LBE201:
	.loc 1 262 5 is_stmt 1 view .LVU388
	movl	$262, %esi
	leaq	.LC11(%rip), %rdi
	call	_fail@PLT
.LVL117:
	.loc 1 263 1 is_stmt 0 view .LVU389
	jmp	.L72
	.p2align 4,,10
	.p2align 3
.L91:
	.loc 1 263 1 view .LVU390
.LBE202:
.LBE207:
	.loc 1 320 5 is_stmt 1 view .LVU391
	.loc 1 320 16 is_stmt 0 view .LVU392
	movl	(%rbx), %ebp
	.loc 1 320 8 view .LVU393
	testl	%ebp, %ebp
	jg	.L76
	.loc 1 325 19 view .LVU394
	movl	112(%rbx), %ebp
.L77:
	.loc 1 325 5 is_stmt 1 view .LVU395
.LVL118:
	.loc 1 325 5 is_stmt 0 view .LVU396
.LBE208:
.LBE211:
	.loc 1 330 5 is_stmt 1 view .LVU397
	.loc 1 330 8 is_stmt 0 view .LVU398
	cmpl	%ebp, %r14d
	jne	.L79
.LVL119:
.L80:
	.loc 1 334 5 is_stmt 1 view .LVU399
	movq	40(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L92
	.loc 1 335 1 is_stmt 0 view .LVU400
	addq	$56, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	.loc 1 334 5 view .LVU401
	movslq	%r14d, %rsi
	movslq	%ebp, %rdi
	movl	$334, %ecx
	.loc 1 335 1 view .LVU402
	popq	%rbx
	.cfi_def_cfa_offset 48
.LVL120:
	.loc 1 334 5 view .LVU403
	leaq	.LC11(%rip), %rdx
	.loc 1 335 1 view .LVU404
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
.LVL121:
	.loc 1 335 1 view .LVU405
	popq	%r15
	.cfi_def_cfa_offset 8
	.loc 1 334 5 view .LVU406
	jmp	_assert_int_equal@PLT
.LVL122:
.L78:
	.cfi_restore_state
.LBB212:
.LBB209:
	.loc 1 323 65 view .LVU407
	addl	$1000, %ebp
	.loc 1 323 23 view .LVU408
	movl	%ebp, 112(%rbx)
	.loc 1 325 5 is_stmt 1 view .LVU409
.LVL123:
	.loc 1 325 5 is_stmt 0 view .LVU410
.LBE209:
.LBE212:
	.loc 1 330 5 is_stmt 1 view .LVU411
.L79:
	.loc 1 331 9 view .LVU412
	.loc 1 331 15 is_stmt 0 view .LVU413
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movl	%ebp, %edx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL124:
	.loc 1 332 9 is_stmt 1 view .LVU414
.LBB213:
.LBI213:
	.loc 1 134 20 view .LVU415
.LBB214:
	.loc 1 135 5 view .LVU416
	.loc 1 135 11 is_stmt 0 view .LVU417
	cmpq	$0, 72(%rbx)
	leaq	.LC26(%rip), %r9
	je	.L81
	movq	64(%rbx), %r9
.L81:
	.loc 1 135 11 view .LVU418
	cmpq	$0, 24(%rbx)
	leaq	.LC26(%rip), %r8
	je	.L82
	movq	16(%rbx), %r8
.L82:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL125:
	.loc 1 138 1 view .LVU419
	jmp	.L80
.LVL126:
	.p2align 4,,10
	.p2align 3
.L76:
	.loc 1 138 1 view .LVU420
.LBE214:
.LBE213:
.LBB215:
.LBB210:
	.loc 1 321 9 is_stmt 1 view .LVU421
	movl	%ebp, %edi
	leaq	12(%rsp), %rsi
	xorl	%edx, %edx
	call	waitpid@PLT
.LVL127:
	movslq	%ebp, %rsi
	movl	$321, %ecx
	leaq	.LC11(%rip), %rdx
	movslq	%eax, %rdi
	call	_assert_int_equal@PLT
.LVL128:
	.loc 1 322 9 view .LVU422
	.loc 1 323 25 is_stmt 0 view .LVU423
	movl	12(%rsp), %eax
	.loc 1 322 21 view .LVU424
	movl	$0, (%rbx)
	.loc 1 323 9 is_stmt 1 view .LVU425
	.loc 1 323 65 is_stmt 0 view .LVU426
	movl	%eax, %ebp
	andl	$127, %ebp
	jne	.L78
	movzbl	%ah, %ebp
	.loc 1 323 23 view .LVU427
	movl	%ebp, 112(%rbx)
	jmp	.L77
.LVL129:
.L92:
	.loc 1 323 23 view .LVU428
.LBE210:
.LBE215:
	.loc 1 334 5 view .LVU429
	call	__stack_chk_fail@PLT
.LVL130:
	.cfi_endproc
.LFE52:
	.size	process_assert_code, .-process_assert_code
	.section	.rodata.str1.1
.LC31:
	.string	"test/process/mqtt.h"
	.section	.rodata.str1.8
	.align 8
.LC32:
	.string	"size + wanted <= sizeof hand->bytes"
	.section	.rodata.str1.1
.LC33:
	.string	"test/process/http.h"
.LC34:
	.string	"process_now_ms() < deadline"
	.text
	.p2align 4
	.type	mqtt_hand_take, @function
mqtt_hand_take:
.LVL131:
.LFB113:
	.file 2 "test/process/mqtt.h"
	.loc 2 114 87 is_stmt 1 view -0
	.cfi_startproc
	.loc 2 114 87 is_stmt 0 view .LVU431
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
.LBB232:
.LBB233:
.LBB234:
.LBB235:
.LBB236:
	.loc 1 82 64 view .LVU432
	movabsq	$4835703278458516699, %r15
.LBE236:
.LBE235:
.LBE234:
.LBE233:
.LBE232:
	.loc 2 114 87 view .LVU433
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	subq	$104, %rsp
	.cfi_def_cfa_offset 160
	.loc 2 114 87 view .LVU434
	movq	%fs:40, %rax
	movq	%rax, 88(%rsp)
	xorl	%eax, %eax
	.loc 2 115 5 is_stmt 1 view .LVU435
	.loc 2 116 5 view .LVU436
.LVL132:
	.loc 2 117 5 view .LVU437
	.loc 2 117 43 is_stmt 0 view .LVU438
	leaq	8(%rdi), %rax
	.loc 2 116 12 view .LVU439
	movq	$0, (%rsp)
	.loc 2 117 43 view .LVU440
	movq	%rax, 32(%rsp)
	movq	%rdi, 24(%rsp)
	movq	%rsi, 40(%rsp)
.LVL133:
	.p2align 4,,10
	.p2align 3
.L94:
	.loc 2 117 67 is_stmt 1 view .LVU441
.LBB259:
.LBI259:
	.file 3 "src/mqtt/packet.h"
	.loc 3 37 37 view .LVU442
.LBB260:
	.loc 3 38 5 view .LVU443
	.loc 3 39 5 view .LVU444
	.loc 3 39 8 is_stmt 0 view .LVU445
	movq	(%rsp), %rax
	cmpq	$1, %rax
	jbe	.L113
	.loc 3 42 5 is_stmt 1 view .LVU446
	.loc 3 43 5 view .LVU447
	.loc 3 44 5 view .LVU448
	.loc 3 44 16 is_stmt 0 view .LVU449
	movq	(%rsp), %rax
	movq	24(%rsp), %r10
.LBB261:
.LBB262:
	.file 4 "src/mqtt/variable.h"
	.loc 4 14 14 view .LVU450
	xorl	%edi, %edi
.LBE262:
.LBE261:
	.loc 3 44 16 view .LVU451
	leaq	-1(%rax), %r9
.LVL134:
.LBB267:
.LBI261:
	.loc 4 13 19 is_stmt 1 view .LVU452
.LBB265:
	.loc 4 14 5 view .LVU453
	.loc 4 15 5 view .LVU454
.LBB263:
	.loc 4 15 10 view .LVU455
	.loc 4 15 23 view .LVU456
	.loc 4 16 9 view .LVU457
	.loc 4 16 13 is_stmt 0 view .LVU458
	xorl	%eax, %eax
.LVL135:
.L101:
	.loc 4 19 9 is_stmt 1 view .LVU459
	.loc 4 19 33 is_stmt 0 view .LVU460
	movzbl	9(%r10,%rax), %esi
	.loc 4 19 50 view .LVU461
	leal	0(,%rax,8), %ecx
	movl	%eax, %r8d
	subl	%eax, %ecx
	.loc 4 19 18 view .LVU462
	movl	%esi, %edx
	andl	$127, %edx
	.loc 4 19 45 view .LVU463
	sall	%cl, %edx
	.loc 4 19 15 view .LVU464
	orl	%edx, %edi
.LVL136:
	.loc 4 20 9 is_stmt 1 view .LVU465
	.loc 4 20 12 is_stmt 0 view .LVU466
	testb	%sil, %sil
	jns	.L114
	.loc 4 15 51 is_stmt 1 view .LVU467
.LVL137:
	.loc 4 15 23 view .LVU468
	cmpq	$3, %rax
	je	.L102
	.loc 4 16 9 view .LVU469
	addq	$1, %rax
.LVL138:
	.loc 4 16 12 is_stmt 0 view .LVU470
	cmpq	%rax, %r9
	jne	.L101
.LVL139:
	.p2align 4,,10
	.p2align 3
.L102:
	.loc 4 16 12 view .LVU471
.LBE263:
.LBE265:
.LBE267:
.LBE260:
.LBE259:
.LBB270:
	.loc 2 118 9 is_stmt 1 view .LVU472
	.loc 2 119 9 is_stmt 0 view .LVU473
	movq	(%rsp), %rax
	.p2align 4,,10
	.p2align 3
.L113:
	.loc 2 118 65 view .LVU474
	movq	$1, 8(%rsp)
	.loc 2 119 9 view .LVU475
	addq	$1, %rax
.L100:
.LVL140:
	.loc 2 119 9 is_stmt 1 discriminator 4 view .LVU476
	xorl	%edi, %edi
	cmpq	$262144, %rax
	movl	$119, %ecx
	setbe	%dil
.LBB256:
.LBB253:
.LBB240:
.LBB237:
	.loc 1 81 11 is_stmt 0 discriminator 4 view .LVU477
	leaq	64(%rsp), %r12
	leaq	56(%rsp), %rbp
.LBE237:
.LBE240:
.LBE253:
.LBE256:
	.loc 2 119 9 discriminator 4 view .LVU478
	leaq	.LC31(%rip), %rdx
	leaq	.LC32(%rip), %rsi
	call	_assert_true@PLT
.LVL141:
	.loc 2 120 9 is_stmt 1 discriminator 4 view .LVU479
	.loc 2 120 22 is_stmt 0 discriminator 4 view .LVU480
	movq	(%rsp), %rbx
	movq	32(%rsp), %rax
.LBB257:
.LBB254:
.LBB241:
.LBB238:
	.loc 1 81 11 discriminator 4 view .LVU481
	movq	%r12, %rsi
	movl	$1, %edi
.LBE238:
.LBE241:
.LBB242:
	.file 5 "test/process/http.h"
	.loc 5 72 9 discriminator 4 view .LVU482
	leaq	.LC34(%rip), %r13
.LBE242:
.LBE254:
.LBE257:
	.loc 2 120 22 discriminator 4 view .LVU483
	addq	%rbx, %rax
	movq	%rax, 16(%rsp)
	movq	24(%rsp), %rax
	movl	(%rax), %ebx
.LVL142:
.LBB258:
.LBI233:
	.loc 5 62 22 is_stmt 1 discriminator 4 view .LVU484
.LBB255:
	.loc 5 63 5 discriminator 4 view .LVU485
.LBB250:
.LBI235:
	.loc 1 79 24 discriminator 4 view .LVU486
.LBB239:
	.loc 1 80 5 discriminator 4 view .LVU487
	.loc 1 81 5 discriminator 4 view .LVU488
	.loc 1 81 11 is_stmt 0 discriminator 4 view .LVU489
	call	clock_gettime@PLT
.LVL143:
	.loc 1 82 5 is_stmt 1 discriminator 4 view .LVU490
	.loc 1 82 64 is_stmt 0 discriminator 4 view .LVU491
	movq	%r15, %rax
	mulq	72(%rsp)
	.loc 1 82 33 discriminator 4 view .LVU492
	imulq	$1000, 64(%rsp), %rcx
	.loc 1 82 64 discriminator 4 view .LVU493
	shrq	$18, %rdx
.LBE239:
.LBE250:
	.loc 5 63 14 discriminator 4 view .LVU494
	leaq	120000(%rcx,%rdx), %r14
.LVL144:
	.loc 5 63 14 discriminator 4 view .LVU495
	jmp	.L98
.LVL145:
	.p2align 4,,10
	.p2align 3
.L95:
.LBB251:
	.loc 5 71 9 is_stmt 1 view .LVU496
	.loc 5 71 15 is_stmt 0 view .LVU497
	xorl	%esi, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL146:
	.loc 5 72 9 is_stmt 1 view .LVU498
.LBB243:
.LBI243:
	.loc 1 79 24 view .LVU499
.LBB244:
	.loc 1 80 5 view .LVU500
	.loc 1 81 5 view .LVU501
	.loc 1 81 11 is_stmt 0 view .LVU502
	movq	%r12, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL147:
	.loc 1 82 5 is_stmt 1 view .LVU503
	.loc 1 82 64 is_stmt 0 view .LVU504
	movq	%r15, %rax
	mulq	72(%rsp)
.LBE244:
.LBE243:
	.loc 5 72 9 view .LVU505
	xorl	%edi, %edi
.LBB247:
.LBB245:
	.loc 1 82 33 view .LVU506
	imulq	$1000, 64(%rsp), %rcx
.LBE245:
.LBE247:
	.loc 5 72 9 view .LVU507
	movq	%r13, %rsi
.LBB248:
.LBB246:
	.loc 1 82 64 view .LVU508
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU509
	addq	%rdx, %rcx
.LBE246:
.LBE248:
	.loc 5 72 9 view .LVU510
	leaq	.LC33(%rip), %rdx
	cmpq	%r14, %rcx
	movl	$72, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL148:
.LBE251:
	.loc 5 64 5 is_stmt 1 view .LVU511
.L98:
	.loc 5 64 5 view .LVU512
.LBB252:
	.loc 5 65 9 view .LVU513
	.loc 5 66 21 is_stmt 0 view .LVU514
	movl	$20, %edx
	movl	$1, %esi
	movq	%rbp, %rdi
	.loc 5 65 23 view .LVU515
	movl	%ebx, 56(%rsp)
	movl	$1, 60(%rsp)
	.loc 5 66 9 is_stmt 1 view .LVU516
	.loc 5 66 21 is_stmt 0 view .LVU517
	call	poll@PLT
.LVL149:
	.loc 5 67 9 is_stmt 1 view .LVU518
	.loc 5 67 12 is_stmt 0 view .LVU519
	testl	%eax, %eax
	jle	.L95
.LBB249:
	.loc 5 68 13 is_stmt 1 view .LVU520
	.loc 5 68 27 is_stmt 0 view .LVU521
	movq	8(%rsp), %rdx
	movq	16(%rsp), %rsi
	xorl	%ecx, %ecx
	movl	%ebx, %edi
	call	recv@PLT
.LVL150:
	.loc 5 69 13 is_stmt 1 view .LVU522
	.loc 5 69 42 is_stmt 0 view .LVU523
	xorl	%edx, %edx
	testq	%rax, %rax
	cmovns	%rax, %rdx
.LVL151:
	.loc 5 69 42 view .LVU524
.LBE249:
.LBE252:
.LBE255:
.LBE258:
	.loc 2 121 9 is_stmt 1 view .LVU525
	.loc 2 121 12 is_stmt 0 view .LVU526
	jle	.L115
	.loc 2 124 9 is_stmt 1 view .LVU527
.LVL152:
	.loc 2 124 14 is_stmt 0 view .LVU528
	addq	%rdx, (%rsp)
.LVL153:
	.loc 2 124 14 view .LVU529
	jmp	.L94
.LVL154:
.L114:
	.loc 2 124 14 view .LVU530
.LBE270:
.LBB271:
.LBB269:
.LBB268:
.LBB266:
.LBB264:
	.loc 4 21 13 is_stmt 1 view .LVU531
	.loc 4 22 13 view .LVU532
	.loc 4 22 47 is_stmt 0 view .LVU533
	setne	%dl
	.loc 4 22 33 view .LVU534
	testl	%eax, %eax
	sete	%al
.LVL155:
	.loc 4 22 33 view .LVU535
	movl	%edx, %ebx
	orb	%al, %bl
	je	.L102
.LVL156:
	.loc 4 22 33 view .LVU536
.LBE264:
.LBE266:
.LBE268:
	.loc 3 45 5 is_stmt 1 view .LVU537
	.loc 3 48 5 view .LVU538
	.loc 3 49 5 view .LVU539
	.loc 3 50 5 view .LVU540
	.loc 3 48 25 is_stmt 0 view .LVU541
	addl	$2, %r8d
.LVL157:
	.loc 3 49 25 view .LVU542
	movzbl	%r8b, %r8d
.LVL158:
	.loc 3 50 31 view .LVU543
	leal	(%r8,%rdi), %eax
.LVL159:
	.loc 3 50 31 view .LVU544
.LBE269:
.LBE271:
	.loc 2 117 67 view .LVU545
	cmpq	%rax, (%rsp)
	jnb	.L116
.LVL160:
.LBB272:
	.loc 2 118 9 is_stmt 1 view .LVU546
	.loc 2 118 65 is_stmt 0 view .LVU547
	movq	(%rsp), %rsi
	movq	%rax, %rbx
	subq	%rsi, %rbx
	movq	%rbx, 8(%rsp)
	jmp	.L100
.LVL161:
	.p2align 4,,10
	.p2align 3
.L116:
	.loc 2 118 65 view .LVU548
.LBE272:
	movq	24(%rsp), %r11
	movq	40(%rsp), %rbp
	.loc 2 126 5 is_stmt 1 view .LVU549
	xorl	%r9d, %r9d
	movl	$2, %r8d
	movq	32(%rsp), %rsi
	movq	(%rsp), %rdx
	movl	4(%r11), %ecx
.LVL162:
.LBB273:
.LBI273:
	.file 6 "src/base/bytes.h"
	.loc 6 28 28 view .LVU550
	.loc 6 29 5 view .LVU551
	.loc 6 29 5 is_stmt 0 view .LVU552
.LBE273:
	.loc 2 126 5 view .LVU553
	movq	%rbp, %rdi
	call	mqtt_decode@PLT
.LVL163:
	movl	$126, %ecx
	leaq	.LC31(%rip), %rdx
	xorl	%esi, %esi
	movl	%eax, %edi
	call	_assert_int_equal@PLT
.LVL164:
	.loc 2 129 5 is_stmt 1 view .LVU554
.L93:
	.loc 2 130 1 is_stmt 0 view .LVU555
	movq	88(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L117
	addq	$104, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	movl	%ebx, %eax
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
	ret
.LVL165:
.L115:
	.cfi_restore_state
.LBB274:
	.loc 2 122 20 view .LVU556
	xorl	%ebx, %ebx
	jmp	.L93
.LVL166:
.L117:
	.loc 2 122 20 view .LVU557
.LBE274:
	.loc 2 130 1 view .LVU558
	call	__stack_chk_fail@PLT
.LVL167:
	.cfi_endproc
.LFE113:
	.size	mqtt_hand_take, .-mqtt_hand_take
	.section	.rodata.str1.8
	.align 8
.LC35:
	.string	"test/process/mqtt_levers_test.c"
	.align 8
.LC36:
	.string	"mqtt_hand_take(hand, &(struct mqtt_packet){0})"
	.text
	.p2align 4
	.type	assert_ends, @function
assert_ends:
.LVL168:
.LFB122:
	.file 7 "test/process/mqtt_levers_test.c"
	.loc 7 32 49 is_stmt 1 view -0
	.cfi_startproc
	.loc 7 32 49 is_stmt 0 view .LVU560
	pushq	%rbx
	.cfi_def_cfa_offset 16
	.cfi_offset 3, -16
	.loc 7 33 5 view .LVU561
	movl	$69, %ecx
	.loc 7 32 49 view .LVU562
	movq	%rdi, %rbx
	subq	$560, %rsp
	.cfi_def_cfa_offset 576
	.loc 7 32 49 view .LVU563
	movq	%fs:40, %rax
	movq	%rax, 552(%rsp)
	xorl	%eax, %eax
	.loc 7 33 5 is_stmt 1 view .LVU564
	movq	%rsp, %rdi
.LVL169:
	.loc 7 33 5 is_stmt 0 view .LVU565
	movq	%rsp, %rsi
	rep stosq
	movq	%rbx, %rdi
	call	mqtt_hand_take
.LVL170:
	movl	$33, %ecx
	leaq	.LC35(%rip), %rdx
	leaq	.LC36(%rip), %rsi
	xorl	$1, %eax
	movzbl	%al, %edi
	call	_assert_true@PLT
.LVL171:
	.loc 7 34 5 is_stmt 1 view .LVU566
	movl	(%rbx), %edi
	call	close@PLT
.LVL172:
	.loc 7 35 1 is_stmt 0 view .LVU567
	movq	552(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L121
	addq	$560, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 16
	popq	%rbx
	.cfi_def_cfa_offset 8
.LVL173:
	.loc 7 35 1 view .LVU568
	ret
.LVL174:
.L121:
	.cfi_restore_state
	.loc 7 35 1 view .LVU569
	call	__stack_chk_fail@PLT
.LVL175:
	.cfi_endproc
.LFE122:
	.size	assert_ends, .-assert_ends
	.section	.rodata.str1.1
.LC37:
	.string	"a/b"
.LC38:
	.string	"bytes"
	.text
	.p2align 4
	.type	publish, @function
publish:
.LVL176:
.LFB120:
	.loc 7 22 84 is_stmt 1 view -0
	.cfi_startproc
	.loc 7 22 84 is_stmt 0 view .LVU571
	pushq	%r13
	.cfi_def_cfa_offset 16
	.cfi_offset 13, -16
	pushq	%r12
	.cfi_def_cfa_offset 24
	.cfi_offset 12, -24
	movl	%esi, %r12d
	pushq	%rbp
	.cfi_def_cfa_offset 32
	.cfi_offset 6, -32
	movq	%rdi, %rbp
.LBB287:
.LBB288:
.LBB289:
.LBB290:
	.loc 6 25 50 view .LVU572
	movq	%rdx, %rdi
.LVL177:
	.loc 6 25 50 view .LVU573
.LBE290:
.LBE289:
.LBE288:
.LBE287:
	.loc 7 22 84 view .LVU574
	pushq	%rbx
	.cfi_def_cfa_offset 40
	.cfi_offset 3, -40
	movq	%rdx, %rbx
	subq	$568, %rsp
	.cfi_def_cfa_offset 608
	.loc 7 22 84 view .LVU575
	movq	%fs:40, %rax
	movq	%rax, 552(%rsp)
	xorl	%eax, %eax
	.loc 7 23 5 is_stmt 1 view .LVU576
.LVL178:
.LBB300:
.LBI287:
	.loc 7 14 27 view .LVU577
.LBB295:
	.loc 7 15 5 view .LVU578
.LBB293:
.LBI289:
	.loc 6 24 28 view .LVU579
.LBB291:
	.loc 6 25 5 view .LVU580
	.loc 6 25 50 is_stmt 0 view .LVU581
	call	strlen@PLT
.LVL179:
	.loc 6 25 50 view .LVU582
.LBE291:
.LBE293:
	.loc 7 15 12 view .LVU583
	movq	%rsp, %rdi
	movl	$69, %ecx
.LBE295:
.LBE300:
.LBB301:
.LBB302:
	.loc 2 105 19 view .LVU584
	movl	4(%rbp), %esi
.LBE302:
.LBE301:
.LBB313:
.LBB296:
.LBB294:
.LBB292:
	.loc 6 25 50 view .LVU585
	movq	%rax, %rdx
.LBE292:
.LBE294:
	.loc 7 15 12 view .LVU586
	xorl	%eax, %eax
	.loc 7 18 62 view .LVU587
	testw	%r12w, %r12w
	.loc 7 15 12 view .LVU588
	rep stosq
	movw	%r12w, 12(%rsp)
.LBE296:
.LBE313:
.LBB314:
.LBB307:
	.loc 2 105 19 view .LVU589
	movq	%rsp, %r12
.LVL180:
	.loc 2 105 19 view .LVU590
.LBE307:
.LBE314:
.LBB315:
.LBB297:
	.loc 7 15 12 view .LVU591
	leaq	.LC37(%rip), %rax
.LBE297:
.LBE315:
.LBB316:
.LBB308:
	.loc 2 105 19 view .LVU592
	movq	%r12, %rdi
.LBE308:
.LBE316:
.LBB317:
.LBB298:
	.loc 7 15 12 view .LVU593
	setne	10(%rsp)
	movq	%rdx, 40(%rsp)
.LVL181:
	.loc 7 15 12 view .LVU594
.LBE298:
.LBE317:
	.loc 7 24 5 is_stmt 1 view .LVU595
.LBB318:
.LBI301:
	.loc 2 104 20 view .LVU596
.LBB309:
	.loc 2 105 5 view .LVU597
.LBE309:
.LBE318:
.LBB319:
.LBB299:
	.loc 7 15 12 is_stmt 0 view .LVU598
	movq	%rbx, 32(%rsp)
	movl	$3, (%rsp)
	movq	%rax, 16(%rsp)
	movq	$3, 24(%rsp)
.LBE299:
.LBE319:
.LBB320:
.LBB310:
	.loc 2 105 19 view .LVU599
	call	mqtt_encoded_size@PLT
.LVL182:
	.loc 2 106 22 view .LVU600
	movq	%rax, %rdi
	.loc 2 105 19 view .LVU601
	movq	%rax, %rbx
.LVL183:
	.loc 2 106 5 is_stmt 1 view .LVU602
	.loc 2 106 22 is_stmt 0 view .LVU603
	call	malloc@PLT
.LVL184:
	.loc 2 107 5 view .LVU604
	movl	$107, %ecx
	leaq	.LC31(%rip), %rdx
	leaq	.LC38(%rip), %rsi
	movq	%rax, %rdi
	.loc 2 106 22 view .LVU605
	movq	%rax, %r13
.LVL185:
	.loc 2 107 5 is_stmt 1 view .LVU606
	call	_assert_true@PLT
.LVL186:
	.loc 2 108 5 view .LVU607
	.loc 2 108 11 is_stmt 0 view .LVU608
	movl	4(%rbp), %esi
	movq	%r12, %rdi
	movq	%r13, %rdx
	call	mqtt_encode@PLT
.LVL187:
	.loc 2 109 5 is_stmt 1 view .LVU609
	movl	0(%rbp), %r12d
.LVL188:
.LBB303:
.LBI303:
	.loc 5 47 20 view .LVU610
.LBB304:
	.loc 5 48 5 view .LVU611
	.loc 5 48 23 view .LVU612
	testq	%rbx, %rbx
	je	.L123
	movq	%r13, %rbp
.LVL189:
	.loc 5 48 23 is_stmt 0 view .LVU613
	jmp	.L124
.LVL190:
	.p2align 4,,10
	.p2align 3
.L132:
.LBB305:
	.loc 5 53 9 is_stmt 1 view .LVU614
	.loc 5 53 39 is_stmt 0 view .LVU615
	addq	%rax, %rbp
.LVL191:
	.loc 5 53 39 view .LVU616
.LBE305:
	.loc 5 48 23 is_stmt 1 view .LVU617
	subq	%rax, %rbx
.LVL192:
	.loc 5 48 23 is_stmt 0 view .LVU618
	je	.L123
.LVL193:
.L124:
.LBB306:
	.loc 5 49 9 is_stmt 1 view .LVU619
	.loc 5 49 24 is_stmt 0 view .LVU620
	movl	$16384, %ecx
	movq	%rbx, %rdx
	movq	%rbp, %rsi
	movl	%r12d, %edi
	call	send@PLT
.LVL194:
	.loc 5 50 9 is_stmt 1 view .LVU621
	.loc 5 50 12 is_stmt 0 view .LVU622
	testq	%rax, %rax
	jg	.L132
.LVL195:
.L123:
	.loc 5 50 12 view .LVU623
.LBE306:
.LBE304:
.LBE303:
	.loc 2 110 5 is_stmt 1 view .LVU624
	movq	552(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L133
.LBE310:
.LBE320:
	.loc 7 25 1 is_stmt 0 view .LVU625
	addq	$568, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 40
.LBB321:
.LBB311:
	.loc 2 110 5 view .LVU626
	movq	%r13, %rdi
.LBE311:
.LBE321:
	.loc 7 25 1 view .LVU627
	popq	%rbx
	.cfi_def_cfa_offset 32
	popq	%rbp
	.cfi_def_cfa_offset 24
	popq	%r12
	.cfi_def_cfa_offset 16
	popq	%r13
	.cfi_def_cfa_offset 8
.LVL196:
.LBB322:
.LBB312:
	.loc 2 110 5 view .LVU628
	jmp	free@PLT
.LVL197:
.L133:
	.cfi_restore_state
	.loc 2 110 5 view .LVU629
	call	__stack_chk_fail@PLT
.LVL198:
.LBE312:
.LBE322:
	.cfi_endproc
.LFE120:
	.size	publish, .-publish
	.section	.rodata.str1.1
.LC39:
	.string	"fd >= 0"
	.text
	.p2align 4
	.type	mqtt_hand_connect, @function
mqtt_hand_connect:
.LVL199:
.LFB116:
	.loc 2 157 96 is_stmt 1 view -0
	.cfi_startproc
	.loc 2 157 96 is_stmt 0 view .LVU631
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
	movq	%rcx, %r15
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	movl	%edx, %r14d
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	movl	%esi, %r12d
.LBB339:
.LBB340:
	.loc 5 36 14 view .LVU632
	movl	$524289, %esi
.LVL200:
	.loc 5 36 14 view .LVU633
.LBE340:
.LBE339:
	.loc 2 157 96 view .LVU634
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
.LBB348:
.LBB345:
.LBB341:
.LBB342:
	.file 8 "/usr/include/x86_64-linux-gnu/bits/byteswap.h"
	.loc 8 37 10 view .LVU635
	rolw	$8, %r12w
.LBE342:
.LBE341:
.LBE345:
.LBE348:
	.loc 2 157 96 view .LVU636
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	movl	$40, %ebx
	subq	$920, %rsp
	.cfi_def_cfa_offset 976
	.loc 2 158 23 view .LVU637
	movq	%fs:40, %rax
	movq	%rax, 904(%rsp)
	movq	%rdi, %rax
	salq	$15, %rax
	leaq	(%rax,%rdi), %rdx
.LVL201:
	.loc 2 158 23 view .LVU638
	leaq	mqtt_hands(%rip), %rax
.LBB349:
.LBB346:
	.loc 5 36 14 view .LVU639
	movl	$2, %edi
.LVL202:
	.loc 5 36 14 view .LVU640
.LBE346:
.LBE349:
	.loc 2 158 23 view .LVU641
	leaq	(%rax,%rdx,8), %r13
.LVL203:
	.loc 2 159 5 is_stmt 1 view .LVU642
.LBB350:
.LBI339:
	.loc 5 35 19 view .LVU643
.LBB347:
	.loc 5 36 5 view .LVU644
	.loc 5 36 14 is_stmt 0 view .LVU645
	xorl	%edx, %edx
	call	socket@PLT
.LVL204:
	.loc 5 40 5 view .LVU646
	movl	$40, %ecx
	.loc 5 37 24 view .LVU647
	movw	%r12w, 882(%rsp)
	.loc 5 40 5 view .LVU648
	leaq	.LC33(%rip), %r12
	.loc 5 36 14 view .LVU649
	movslq	%eax, %rdi
	.loc 5 40 5 view .LVU650
	movq	%r12, %rdx
	.loc 5 37 24 view .LVU651
	movl	$2, %eax
	movq	$0, 888(%rsp)
	.loc 5 36 14 view .LVU652
	movq	%rdi, %rbp
.LVL205:
	.loc 5 37 5 is_stmt 1 view .LVU653
	.loc 5 40 5 is_stmt 0 view .LVU654
	notq	%rdi
.LVL206:
	.loc 5 40 5 view .LVU655
	leaq	.LC39(%rip), %rsi
	.loc 5 37 24 view .LVU656
	movw	%ax, 880(%rsp)
.LBB344:
.LBI341:
	.loc 8 34 1 is_stmt 1 view .LVU657
.LBB343:
	.loc 8 37 3 view .LVU658
.LBE343:
.LBE344:
	.loc 5 37 24 is_stmt 0 view .LVU659
	movl	$16777343, 884(%rsp)
	.loc 5 39 5 is_stmt 1 view .LVU660
	.loc 5 40 5 is_stmt 0 view .LVU661
	shrq	$63, %rdi
	.loc 5 39 9 view .LVU662
	movl	$1, 320(%rsp)
	.loc 5 40 5 is_stmt 1 view .LVU663
	call	_assert_true@PLT
.LVL207:
	.loc 5 41 5 view .LVU664
	movl	%ebp, %edi
	movl	$16, %edx
	leaq	880(%rsp), %rsi
	call	connect@PLT
.LVL208:
	movq	%r12, %rdx
	movl	$41, %ecx
	xorl	%esi, %esi
	.loc 5 42 11 is_stmt 0 view .LVU665
	leaq	320(%rsp), %r12
	.loc 5 41 5 view .LVU666
	movslq	%eax, %rdi
	call	_assert_int_equal@PLT
.LVL209:
	.loc 5 42 5 is_stmt 1 view .LVU667
	.loc 5 42 11 is_stmt 0 view .LVU668
	movl	$4, %r8d
	movl	%ebp, %edi
	movq	%r12, %rcx
	movl	$1, %edx
	movl	$6, %esi
	call	setsockopt@PLT
.LVL210:
	.loc 5 43 5 is_stmt 1 view .LVU669
	.loc 5 43 5 is_stmt 0 view .LVU670
.LBE347:
.LBE350:
	.loc 2 159 14 view .LVU671
	movl	%ebp, 0(%r13)
	.loc 2 160 5 is_stmt 1 view .LVU672
	.loc 2 160 25 is_stmt 0 view .LVU673
	xorl	%ebp, %ebp
	movq	%rbx, %rcx
	movq	%rbp, %rax
	movq	%rsp, %rdi
	rep stosq
.LVL211:
.LBB351:
.LBI351:
	.loc 6 24 28 is_stmt 1 view .LVU674
.LBB352:
	.loc 6 25 5 view .LVU675
	.loc 6 25 50 is_stmt 0 view .LVU676
	movq	%r15, %rdi
	call	strlen@PLT
.LVL212:
	.loc 6 25 50 view .LVU677
.LBE352:
.LBE351:
.LBB354:
.LBB355:
	.loc 2 145 24 view .LVU678
	movl	$69, %ecx
	movq	%r12, %rdi
	movq	%rsp, %rsi
.LBE355:
.LBE354:
.LBB366:
.LBB353:
	.loc 6 25 50 view .LVU679
	movq	%rax, %rdx
.LVL213:
	.loc 6 25 50 view .LVU680
.LBE353:
.LBE366:
	.loc 2 162 5 is_stmt 1 view .LVU681
.LBB367:
.LBI354:
	.loc 2 144 19 view .LVU682
.LBB364:
	.loc 2 145 5 view .LVU683
	.loc 2 145 24 is_stmt 0 view .LVU684
	movq	%rbp, %rax
.LVL214:
	.loc 2 145 24 view .LVU685
.LBE364:
.LBE367:
	.loc 2 161 20 view .LVU686
	movb	%r14b, (%rsp)
.LBB368:
.LBB365:
	.loc 2 145 24 view .LVU687
	rep stosq
	movq	%rdx, 24(%rsp)
	movq	%rbx, %rcx
	leaq	328(%rsp), %rdi
	movq	%r15, 16(%rsp)
	movl	$1, 320(%rsp)
	movb	$1, 2(%rsp)
	rep movsq
.LVL215:
	.loc 2 146 5 is_stmt 1 view .LVU688
.LBB356:
.LBB357:
	.loc 2 105 19 is_stmt 0 view .LVU689
	movl	%r14d, %esi
	movq	%r12, %rdi
.LBE357:
.LBE356:
	.loc 2 146 19 view .LVU690
	movl	%r14d, 4(%r13)
	.loc 2 147 5 is_stmt 1 view .LVU691
.LVL216:
.LBB363:
.LBI356:
	.loc 2 104 20 view .LVU692
.LBB362:
	.loc 2 105 5 view .LVU693
	.loc 2 105 19 is_stmt 0 view .LVU694
	call	mqtt_encoded_size@PLT
.LVL217:
	.loc 2 106 22 view .LVU695
	movq	%rax, %rdi
	.loc 2 105 19 view .LVU696
	movq	%rax, %r15
.LVL218:
	.loc 2 106 5 is_stmt 1 view .LVU697
	.loc 2 106 22 is_stmt 0 view .LVU698
	call	malloc@PLT
.LVL219:
	.loc 2 107 5 view .LVU699
	movl	$107, %ecx
	leaq	.LC31(%rip), %rdx
	leaq	.LC38(%rip), %rsi
	movq	%rax, %rdi
	.loc 2 106 22 view .LVU700
	movq	%rax, %rbp
.LVL220:
	.loc 2 107 5 is_stmt 1 view .LVU701
	call	_assert_true@PLT
.LVL221:
	.loc 2 108 5 view .LVU702
	.loc 2 108 11 is_stmt 0 view .LVU703
	movl	4(%r13), %esi
	movq	%rbp, %rdx
	movq	%r12, %rdi
	movq	%rbp, %r14
.LVL222:
	.loc 2 108 11 view .LVU704
	call	mqtt_encode@PLT
.LVL223:
	.loc 2 109 5 is_stmt 1 view .LVU705
	movl	0(%r13), %ebx
.LVL224:
.LBB358:
.LBI358:
	.loc 5 47 20 view .LVU706
.LBB359:
	.loc 5 48 5 view .LVU707
	.loc 5 48 23 view .LVU708
	testq	%r15, %r15
	jne	.L135
	jmp	.L138
.LVL225:
	.p2align 4,,10
	.p2align 3
.L145:
.LBB360:
	.loc 5 53 9 view .LVU709
	.loc 5 53 39 is_stmt 0 view .LVU710
	addq	%rax, %r14
.LVL226:
	.loc 5 53 39 view .LVU711
.LBE360:
	.loc 5 48 23 is_stmt 1 view .LVU712
	subq	%rax, %r15
.LVL227:
	.loc 5 48 23 is_stmt 0 view .LVU713
	je	.L138
.LVL228:
.L135:
.LBB361:
	.loc 5 49 9 is_stmt 1 view .LVU714
	.loc 5 49 24 is_stmt 0 view .LVU715
	movl	$16384, %ecx
	movq	%r15, %rdx
	movq	%r14, %rsi
	movl	%ebx, %edi
	call	send@PLT
.LVL229:
	.loc 5 50 9 is_stmt 1 view .LVU716
	.loc 5 50 12 is_stmt 0 view .LVU717
	testq	%rax, %rax
	jg	.L145
.LVL230:
.L138:
	.loc 5 50 12 view .LVU718
.LBE361:
.LBE359:
.LBE358:
	.loc 2 110 5 is_stmt 1 view .LVU719
	movq	%rbp, %rdi
	call	free@PLT
.LVL231:
	.loc 2 110 5 is_stmt 0 view .LVU720
.LBE362:
.LBE363:
	.loc 2 148 5 is_stmt 1 view .LVU721
	.loc 2 148 10 is_stmt 0 view .LVU722
	movq	%r13, %rdi
	movq	%r12, %rsi
	call	mqtt_hand_take
.LVL232:
	movq	$-1, %rdi
	.loc 2 148 8 view .LVU723
	testb	%al, %al
	je	.L137
	.loc 2 151 5 is_stmt 1 view .LVU724
	movl	320(%rsp), %edi
	movl	$151, %ecx
	movl	$2, %esi
	leaq	.LC31(%rip), %rdx
	call	_assert_int_equal@PLT
.LVL233:
	.loc 2 152 5 view .LVU725
.LBE365:
.LBE368:
	.loc 2 162 5 is_stmt 0 view .LVU726
	movzbl	326(%rsp), %edi
.L137:
.LVL234:
	.loc 2 162 5 view .LVU727
	xorl	%esi, %esi
	movl	$162, %ecx
	leaq	.LC31(%rip), %rdx
	call	_assert_int_equal@PLT
.LVL235:
	.loc 2 163 5 is_stmt 1 view .LVU728
	.loc 2 164 1 is_stmt 0 view .LVU729
	movq	904(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L146
	addq	$920, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	movq	%r13, %rax
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
.LVL236:
	.loc 2 164 1 view .LVU730
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
	ret
.LVL237:
.L146:
	.cfi_restore_state
	.loc 2 164 1 view .LVU731
	call	__stack_chk_fail@PLT
.LVL238:
	.cfi_endproc
.LFE116:
	.size	mqtt_hand_connect, .-mqtt_hand_connect
	.section	.rodata.str1.8
	.align 8
.LC40:
	.string	"rule hold PUBLISH\nrule hold publ\n"
	.section	.rodata.str1.1
.LC41:
	.string	"list\n"
.LC42:
	.string	"step\n"
.LC43:
	.string	"undo 1\n"
.LC44:
	.string	"--address"
.LC45:
	.string	"client"
.LC46:
	.string	"--run"
.LC47:
	.string	"581"
.LC48:
	.string	"--stay"
.LC49:
	.string	"conn; publ a/b second"
.LC50:
	.string	"580"
.LC51:
	.string	"conn"
.LC52:
	.string	"broker"
.LC53:
	.string	"83"
.LC54:
	.string	"--mqtt"
.LC55:
	.string	"0"
.LC56:
	.string	"--name"
.LC57:
	.string	"b"
.LC58:
	.string	"MQTT at port "
.LC59:
	.string	"alice"
.LC60:
	.string	"connected with 83"
.LC61:
	.string	"rule 2: "
.LC62:
	.string	"first"
	.section	.rodata.str1.8
	.align 8
.LC63:
	.string	"PUBLISH from alice held (rule 1)"
	.section	.rodata.str1.1
.LC64:
	.string	"publ from 581 held (rule 2)"
.LC65:
	.string	"third"
.LC66:
	.string	"PUBLISH from alice held"
.LC67:
	.string	"alice published a/b first"
.LC68:
	.string	"581 published a/b second"
.LC69:
	.string	"alice published a/b third"
.LC70:
	.string	"no packet is held"
	.text
	.p2align 4
	.type	packets_are_held_listed_and_stepped_in_order_of_both_doors, @function
packets_are_held_listed_and_stepped_in_order_of_both_doors:
.LVL239:
.LFB125:
	.loc 7 88 86 is_stmt 1 view -0
	.cfi_startproc
	.loc 7 88 86 is_stmt 0 view .LVU733
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	leaq	.LC58(%rip), %rbp
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
.LBB611:
	.loc 7 90 5 view .LVU734
	leaq	.LC53(%rip), %rbx
.LBE611:
	.loc 7 88 86 view .LVU735
	subq	$344, %rsp
	.cfi_def_cfa_offset 400
	movq	%fs:40, %rax
	movq	%rax, 328(%rsp)
	leaq	.LC44(%rip), %rax
.LBB657:
	.loc 7 90 5 view .LVU736
	leaq	160(%rsp), %r15
	movq	$0, 312(%rsp)
	movq	%r15, %rdi
.LVL240:
	.loc 7 90 5 view .LVU737
	movq	%rax, %xmm1
	leaq	.LC45(%rip), %rax
	movq	%rax, %xmm3
	leaq	.LC46(%rip), %rax
	movq	%rax, %xmm2
	leaq	.LC47(%rip), %rax
	punpcklqdq	%xmm1, %xmm3
	movq	%rax, %xmm4
	leaq	.LC48(%rip), %rax
	movaps	%xmm3, 16(%rsp)
	movq	%rax, %xmm0
	leaq	.LC49(%rip), %rax
	punpcklqdq	%xmm2, %xmm4
	movq	%rax, %xmm5
	leaq	.LC50(%rip), %rax
	movaps	%xmm4, 48(%rsp)
	movq	%rax, %xmm6
	leaq	.LC51(%rip), %rax
	punpcklqdq	%xmm0, %xmm5
	movq	%rax, %xmm7
	movq	process_folder(%rip), %rax
	punpcklqdq	%xmm2, %xmm6
	movaps	%xmm5, 64(%rsp)
	punpcklqdq	%xmm0, %xmm7
	pxor	%xmm0, %xmm0
	movaps	%xmm6, (%rsp)
	movq	%rax, 160(%rsp)
	leaq	.LC52(%rip), %rax
	movaps	%xmm0, 176(%rsp)
	movq	%rax, %xmm0
	leaq	.LC54(%rip), %rax
	punpcklqdq	%xmm1, %xmm0
	movq	%rax, %xmm1
	leaq	.LC56(%rip), %rax
	movaps	%xmm7, 80(%rsp)
.LBE657:
	.loc 7 89 5 is_stmt 1 view .LVU738
	.loc 7 90 5 view .LVU739
.LBB658:
	.loc 7 90 5 view .LVU740
	movaps	%xmm0, 256(%rsp)
	movq	%rbx, %xmm0
	leaq	.LC55(%rip), %rbx
	movq	%rax, %xmm2
	punpcklqdq	%xmm1, %xmm0
	leaq	.LC57(%rip), %rax
	movaps	%xmm0, 272(%rsp)
	movq	%rbx, %xmm0
	movq	%rax, 304(%rsp)
	punpcklqdq	%xmm2, %xmm0
	leaq	256(%rsp), %rax
	movq	%rax, 96(%rsp)
	movq	%rax, 168(%rsp)
	movaps	%xmm0, 288(%rsp)
	call	process_start_with
.LVL241:
.LBB612:
.LBB613:
.LBB614:
.LBB615:
	.loc 1 349 44 is_stmt 0 view .LVU741
	cmpq	$0, 72(%rax)
.LBE615:
.LBE614:
.LBE613:
.LBE612:
	.loc 7 90 5 view .LVU742
	movq	%rax, broker(%rip)
	.loc 7 90 5 is_stmt 1 view .LVU743
.LVL242:
.LBB654:
.LBI612:
	.loc 2 66 24 view .LVU744
.LBB651:
	.loc 2 67 5 view .LVU745
.LBB618:
.LBI614:
	.loc 1 348 27 view .LVU746
.LBB616:
	.loc 1 349 5 view .LVU747
.LBE616:
.LBE618:
.LBE651:
.LBE654:
	.loc 7 90 5 is_stmt 0 view .LVU748
	movq	%rax, %rbx
.LBB655:
.LBB652:
.LBB619:
.LBB617:
	.loc 1 349 44 view .LVU749
	jne	.L382
.LVL243:
.L148:
	.loc 1 349 44 view .LVU750
.LBE617:
.LBE619:
	.loc 2 68 9 is_stmt 1 view .LVU751
.LBB620:
.LBI620:
	.loc 1 286 20 view .LVU752
	.loc 1 287 5 view .LVU753
.LBB621:
.LBI621:
	.loc 1 266 20 view .LVU754
.LBB622:
	.loc 1 267 5 view .LVU755
.LBB623:
.LBI623:
	.loc 1 79 24 view .LVU756
.LBB624:
	.loc 1 80 5 view .LVU757
	.loc 1 81 5 view .LVU758
	.loc 1 81 11 is_stmt 0 view .LVU759
	leaq	128(%rsp), %r12
	movl	$1, %edi
	leaq	.LC11(%rip), %r14
	movq	%r12, %rsi
	call	clock_gettime@PLT
.LVL244:
	.loc 1 82 5 is_stmt 1 view .LVU760
.LBE624:
.LBE623:
.LBB626:
.LBB627:
.LBB628:
.LBB629:
.LBB630:
	.loc 1 135 11 is_stmt 0 view .LVU761
	movq	%r15, 104(%rsp)
	movq	%rbx, %r15
.LBE630:
.LBE629:
.LBE628:
.LBE627:
.LBE626:
.LBB641:
.LBB625:
	.loc 1 82 64 view .LVU762
	movabsq	$4835703278458516699, %rax
	mulq	136(%rsp)
	.loc 1 82 33 view .LVU763
	imulq	$1000, 128(%rsp), %rcx
	.loc 1 82 64 view .LVU764
	shrq	$18, %rdx
.LBE625:
.LBE641:
	.loc 1 267 14 view .LVU765
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 40(%rsp)
.LVL245:
	.p2align 4,,10
	.p2align 3
.L157:
	.loc 1 268 5 is_stmt 1 view .LVU766
.LBB642:
	.loc 1 269 9 view .LVU767
	.loc 1 269 76 is_stmt 0 view .LVU768
	cmpq	$0, 72(%r15)
	je	.L150
	.loc 1 269 69 view .LVU769
	movq	88(%r15), %rbx
	.loc 1 269 76 view .LVU770
	movq	64(%r15), %r13
	.loc 1 270 29 view .LVU771
	movq	%rbp, %rsi
	.loc 1 269 76 view .LVU772
	addq	%rbx, %r13
.LVL246:
	.loc 1 270 9 is_stmt 1 view .LVU773
	.loc 1 270 29 is_stmt 0 view .LVU774
	movq	%r13, %rdi
	call	strstr@PLT
.LVL247:
	.loc 1 271 9 is_stmt 1 view .LVU775
	.loc 1 271 12 is_stmt 0 view .LVU776
	testq	%rax, %rax
	jne	.L383
.LVL248:
.L150:
	.loc 1 275 9 is_stmt 1 view .LVU777
	.loc 1 275 12 is_stmt 0 view .LVU778
	movl	56(%r15), %r13d
	testl	%r13d, %r13d
	js	.L154
.LBB637:
.LBI637:
	.loc 1 79 24 is_stmt 1 view .LVU779
.LBB638:
	.loc 1 80 5 view .LVU780
	.loc 1 81 5 view .LVU781
	.loc 1 81 11 is_stmt 0 view .LVU782
	movq	%r12, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL249:
	.loc 1 82 5 is_stmt 1 view .LVU783
	.loc 1 82 64 is_stmt 0 view .LVU784
	movabsq	$4835703278458516699, %rax
	mulq	136(%rsp)
	.loc 1 82 33 view .LVU785
	imulq	$1000, 128(%rsp), %rcx
	.loc 1 82 64 view .LVU786
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU787
	addq	%rdx, %rcx
.LBE638:
.LBE637:
	.loc 1 275 28 view .LVU788
	cmpq	%rcx, 40(%rsp)
	jnb	.L155
.L154:
	.loc 1 276 13 is_stmt 1 view .LVU789
.LVL250:
.LBB639:
.LBI627:
	.loc 1 259 20 view .LVU790
.LBB635:
	.loc 1 260 5 view .LVU791
	.loc 1 260 11 is_stmt 0 view .LVU792
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbp, %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL251:
	.loc 1 261 5 is_stmt 1 view .LVU793
.LBB633:
.LBI629:
	.loc 1 134 20 view .LVU794
.LBB631:
	.loc 1 135 5 view .LVU795
	.loc 1 135 11 is_stmt 0 view .LVU796
	cmpq	$0, 72(%r15)
	leaq	.LC26(%rip), %r9
	jne	.L384
	cmpq	$0, 24(%r15)
	leaq	.LC26(%rip), %r8
	je	.L156
.L386:
	.loc 1 135 11 view .LVU797
	movq	16(%r15), %r8
.L156:
	.loc 1 135 11 view .LVU798
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL252:
	.loc 1 135 11 view .LVU799
.LBE631:
.LBE633:
	.loc 1 262 5 is_stmt 1 view .LVU800
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL253:
.L155:
	.loc 1 262 5 is_stmt 0 view .LVU801
.LBE635:
.LBE639:
	.loc 1 278 9 is_stmt 1 view .LVU802
	.loc 1 278 15 is_stmt 0 view .LVU803
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL254:
.LBE642:
	.loc 1 268 5 is_stmt 1 view .LVU804
	.loc 1 268 14 is_stmt 0 view .LVU805
	jmp	.L157
.LVL255:
	.p2align 4,,10
	.p2align 3
.L382:
	.loc 1 268 14 view .LVU806
.LBE622:
.LBE621:
.LBE620:
	.loc 2 67 9 view .LVU807
	leaq	.LC58(%rip), %rbp
	movq	64(%rax), %rdi
	movq	%rbp, %rsi
	call	strstr@PLT
.LVL256:
	.loc 2 67 8 view .LVU808
	testq	%rax, %rax
	je	.L148
	leaq	128(%rsp), %r12
	leaq	.LC11(%rip), %r14
.L149:
	.loc 2 70 5 is_stmt 1 view .LVU809
	.loc 2 70 11 is_stmt 0 view .LVU810
	xorl	%esi, %esi
	jmp	.L381
.LVL257:
	.p2align 4,,10
	.p2align 3
.L161:
	.loc 2 73 9 is_stmt 1 view .LVU811
	.loc 2 73 15 is_stmt 0 view .LVU812
	movl	$1000, %esi
.LVL258:
.L381:
	.loc 2 73 15 view .LVU813
	movl	$-1, %edi
.LBB646:
.LBB647:
	movl	$13, %r13d
.LBE647:
.LBE646:
	call	process_pump.isra.0
.LVL259:
	.loc 2 74 9 is_stmt 1 view .LVU814
.LBB649:
.LBI646:
	.loc 1 348 27 view .LVU815
.LBB648:
	.loc 1 349 5 view .LVU816
	.loc 1 349 44 is_stmt 0 view .LVU817
	cmpq	$0, 72(%rbx)
	je	.L159
.LBE648:
.LBE649:
	.loc 2 74 14 view .LVU818
	movq	64(%rbx), %rdi
	movq	%rbp, %rsi
	call	strstr@PLT
.LVL260:
	.loc 2 74 12 view .LVU819
	leaq	13(%rax), %r13
.LVL261:
.L159:
	.loc 2 72 28 is_stmt 1 view .LVU820
	.loc 2 72 12 is_stmt 0 view .LVU821
	movl	$32, %esi
	movq	%r13, %rdi
	call	strchr@PLT
.LVL262:
	.loc 2 72 28 view .LVU822
	testq	%rax, %rax
	je	.L161
	.loc 2 76 5 is_stmt 1 view .LVU823
	.loc 2 76 22 is_stmt 0 view .LVU824
	movq	%r13, %rdi
	movl	$10, %edx
	xorl	%esi, %esi
	call	strtoul@PLT
.LVL263:
	.loc 2 76 22 view .LVU825
.LBE652:
.LBE655:
.LBE658:
	.loc 7 91 30 view .LVU826
	leaq	.LC59(%rip), %rcx
	xorl	%edi, %edi
	movl	$4, %edx
	movzwl	%ax, %esi
.LBB659:
	.loc 7 90 5 view .LVU827
	movw	%ax, port(%rip)
.LBE659:
	.loc 7 90 5 is_stmt 1 view .LVU828
	.loc 7 91 5 view .LVU829
.LBB660:
.LBB661:
.LBB662:
.LBB663:
.LBB664:
.LBB665:
.LBB666:
.LBB667:
	.loc 1 135 11 is_stmt 0 view .LVU830
	leaq	.LC26(%rip), %rbp
.LBE667:
.LBE666:
.LBE665:
.LBE664:
.LBE663:
.LBE662:
.LBE661:
.LBE660:
	.loc 7 91 30 view .LVU831
	call	mqtt_hand_connect
.LVL264:
	.loc 7 92 30 view .LVU832
	movdqa	16(%rsp), %xmm1
	pxor	%xmm0, %xmm0
	movq	%r12, %rdi
	movdqa	(%rsp), %xmm2
	.loc 7 91 30 view .LVU833
	movq	%rax, 40(%rsp)
.LVL265:
	.loc 7 92 5 is_stmt 1 view .LVU834
	.loc 7 92 30 is_stmt 0 view .LVU835
	movq	process_folder(%rip), %rax
.LVL266:
	.loc 7 92 30 view .LVU836
	movdqa	80(%rsp), %xmm3
	movaps	%xmm0, 144(%rsp)
	movaps	%xmm1, 192(%rsp)
	movq	%rax, 128(%rsp)
	leaq	192(%rsp), %rax
	movaps	%xmm2, 208(%rsp)
	movaps	%xmm3, 224(%rsp)
	movq	$0, 240(%rsp)
	movq	%rax, 136(%rsp)
	call	process_start_with
.LVL267:
.LBB693:
.LBB688:
.LBB683:
.LBB674:
.LBB675:
	.loc 1 81 11 view .LVU837
	movq	%r15, %rsi
	movl	$1, %edi
.LBE675:
.LBE674:
.LBE683:
.LBE688:
.LBE693:
	.loc 7 92 30 view .LVU838
	movq	%rax, %r13
.LVL268:
	.loc 7 93 5 is_stmt 1 view .LVU839
.LBB694:
.LBI660:
	.loc 1 286 20 view .LVU840
	.loc 1 287 5 view .LVU841
.LBB689:
.LBI661:
	.loc 1 266 20 view .LVU842
.LBB684:
	.loc 1 267 5 view .LVU843
.LBB677:
.LBI674:
	.loc 1 79 24 view .LVU844
.LBB676:
	.loc 1 80 5 view .LVU845
	.loc 1 81 5 view .LVU846
	.loc 1 81 11 is_stmt 0 view .LVU847
	call	clock_gettime@PLT
.LVL269:
	.loc 1 82 5 is_stmt 1 view .LVU848
	.loc 1 82 64 is_stmt 0 view .LVU849
	movabsq	$4835703278458516699, %rax
	mulq	168(%rsp)
	.loc 1 82 33 view .LVU850
	imulq	$1000, 160(%rsp), %rcx
	.loc 1 82 64 view .LVU851
	shrq	$18, %rdx
.LBE676:
.LBE677:
	.loc 1 267 14 view .LVU852
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, (%rsp)
.LVL270:
	.loc 1 267 14 view .LVU853
	jmp	.L170
.LVL271:
	.p2align 4,,10
	.p2align 3
.L162:
.LBB678:
	.loc 1 275 9 is_stmt 1 view .LVU854
	.loc 1 275 12 is_stmt 0 view .LVU855
	movl	56(%r13), %ebx
	testl	%ebx, %ebx
	js	.L167
.LBB671:
.LBI671:
	.loc 1 79 24 is_stmt 1 view .LVU856
.LBB672:
	.loc 1 80 5 view .LVU857
	.loc 1 81 5 view .LVU858
	.loc 1 81 11 is_stmt 0 view .LVU859
	movq	%r15, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL272:
	.loc 1 82 5 is_stmt 1 view .LVU860
	.loc 1 82 64 is_stmt 0 view .LVU861
	movabsq	$4835703278458516699, %rax
	mulq	168(%rsp)
	.loc 1 82 33 view .LVU862
	imulq	$1000, 160(%rsp), %rcx
	.loc 1 82 64 view .LVU863
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU864
	addq	%rdx, %rcx
.LBE672:
.LBE671:
	.loc 1 275 28 view .LVU865
	cmpq	%rcx, (%rsp)
	jnb	.L168
.L167:
	.loc 1 276 13 is_stmt 1 view .LVU866
.LVL273:
.LBB673:
.LBI664:
	.loc 1 259 20 view .LVU867
.LBB670:
	.loc 1 260 5 view .LVU868
	.loc 1 260 11 is_stmt 0 view .LVU869
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	leaq	.LC60(%rip), %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL274:
	.loc 1 261 5 is_stmt 1 view .LVU870
.LBB669:
.LBI666:
	.loc 1 134 20 view .LVU871
.LBB668:
	.loc 1 135 5 view .LVU872
	.loc 1 135 11 is_stmt 0 view .LVU873
	cmpq	$0, 72(%r13)
	movq	%rbp, %r9
	je	.L166
	movq	64(%r13), %r9
.L166:
	.loc 1 135 11 view .LVU874
	cmpq	$0, 24(%r13)
	movq	%rbp, %r8
	je	.L169
	movq	16(%r13), %r8
.L169:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL275:
	.loc 1 135 11 view .LVU875
.LBE668:
.LBE669:
	.loc 1 262 5 is_stmt 1 view .LVU876
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL276:
.L168:
	.loc 1 262 5 is_stmt 0 view .LVU877
.LBE670:
.LBE673:
	.loc 1 278 9 is_stmt 1 view .LVU878
	.loc 1 278 15 is_stmt 0 view .LVU879
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL277:
.LBE678:
	.loc 1 268 5 is_stmt 1 view .LVU880
.L170:
	.loc 1 268 5 view .LVU881
.LBB679:
	.loc 1 269 9 view .LVU882
	.loc 1 269 76 is_stmt 0 view .LVU883
	cmpq	$0, 72(%r13)
	je	.L162
	.loc 1 269 69 view .LVU884
	movq	88(%r13), %rbx
	.loc 1 269 76 view .LVU885
	movq	64(%r13), %r12
	.loc 1 270 29 view .LVU886
	leaq	.LC60(%rip), %rsi
	.loc 1 269 76 view .LVU887
	addq	%rbx, %r12
.LVL278:
	.loc 1 270 9 is_stmt 1 view .LVU888
	.loc 1 270 29 is_stmt 0 view .LVU889
	movq	%r12, %rdi
	call	strstr@PLT
.LVL279:
	.loc 1 271 9 is_stmt 1 view .LVU890
	.loc 1 271 12 is_stmt 0 view .LVU891
	testq	%rax, %rax
	je	.L162
	.loc 1 272 13 is_stmt 1 view .LVU892
	.loc 1 272 44 is_stmt 0 view .LVU893
	movq	%r12, %rcx
.LBE679:
.LBE684:
.LBE689:
.LBE694:
.LBB695:
.LBB696:
.LBB697:
.LBB698:
.LBB699:
	.loc 1 81 11 view .LVU894
	movq	%r15, %rsi
	movl	$1, %edi
.LBE699:
.LBE698:
.LBE697:
.LBE696:
.LBE695:
	.loc 7 94 5 view .LVU895
	movq	broker(%rip), %r12
.LVL280:
.LBB716:
.LBB690:
.LBB685:
.LBB680:
	.loc 1 272 44 view .LVU896
	subq	%rcx, %rax
.LVL281:
	.loc 1 272 44 view .LVU897
.LBE680:
.LBE685:
.LBE690:
.LBE716:
.LBB717:
.LBB712:
.LBB708:
	.loc 1 234 14 view .LVU898
	leaq	.LC40(%rip), %rbp
.LBE708:
.LBE712:
.LBE717:
.LBB718:
.LBB691:
.LBB686:
.LBB681:
	.loc 1 272 26 view .LVU899
	leaq	17(%rbx,%rax), %rax
.LBE681:
.LBE686:
.LBE691:
.LBE718:
.LBB719:
.LBB713:
.LBB709:
	.loc 1 234 14 view .LVU900
	movl	$33, %ebx
.LBE709:
.LBE713:
.LBE719:
.LBB720:
.LBB692:
.LBB687:
.LBB682:
	.loc 1 272 26 view .LVU901
	movq	%rax, 88(%r13)
	.loc 1 273 13 is_stmt 1 view .LVU902
.LVL282:
	.loc 1 273 13 is_stmt 0 view .LVU903
.LBE682:
.LBE687:
.LBE692:
.LBE720:
	.loc 7 94 5 is_stmt 1 view .LVU904
.LBB721:
.LBI695:
	.loc 1 248 20 view .LVU905
	.loc 1 249 5 view .LVU906
.LBB714:
.LBI696:
	.loc 1 233 20 view .LVU907
.LBB710:
	.loc 1 234 5 view .LVU908
.LBB701:
.LBI698:
	.loc 1 79 24 view .LVU909
.LBB700:
	.loc 1 80 5 view .LVU910
	.loc 1 81 5 view .LVU911
	.loc 1 81 11 is_stmt 0 view .LVU912
	call	clock_gettime@PLT
.LVL283:
	.loc 1 82 5 is_stmt 1 view .LVU913
	.loc 1 82 64 is_stmt 0 view .LVU914
	movabsq	$4835703278458516699, %rax
	mulq	168(%rsp)
	.loc 1 82 33 view .LVU915
	imulq	$1000, 160(%rsp), %rcx
	.loc 1 82 64 view .LVU916
	shrq	$18, %rdx
.LBE700:
.LBE701:
	.loc 1 234 14 view .LVU917
	leaq	120000(%rcx,%rdx), %r13
.LVL284:
	.loc 1 235 5 is_stmt 1 view .LVU918
	.loc 1 235 23 view .LVU919
	.p2align 4,,10
	.p2align 3
.L163:
.LBB702:
	.loc 1 236 9 view .LVU920
	.loc 1 236 24 is_stmt 0 view .LVU921
	movl	4(%r12), %edi
	movq	%rbx, %rdx
	movq	%rbp, %rsi
	call	write@PLT
.LVL285:
	.loc 1 237 9 is_stmt 1 view .LVU922
	.loc 1 237 12 is_stmt 0 view .LVU923
	testq	%rax, %rax
	jle	.L171
	.loc 1 238 13 is_stmt 1 view .LVU924
	.loc 1 238 43 is_stmt 0 view .LVU925
	addq	%rax, %rbp
.LVL286:
	.loc 1 238 43 view .LVU926
.LBE702:
	.loc 1 235 23 is_stmt 1 view .LVU927
	subq	%rax, %rbx
.LVL287:
	.loc 1 235 23 is_stmt 0 view .LVU928
	jne	.L163
.LVL288:
.L173:
	.loc 1 235 23 view .LVU929
.LBE710:
.LBE714:
.LBE721:
	.loc 7 95 5 is_stmt 1 view .LVU930
.LBB722:
.LBB723:
.LBB724:
.LBB725:
.LBB726:
	.loc 1 81 11 is_stmt 0 view .LVU931
	movq	%r15, %rsi
	movl	$1, %edi
.LBE726:
.LBE725:
.LBE724:
.LBE723:
.LBE722:
	.loc 7 95 5 view .LVU932
	movq	broker(%rip), %r13
.LVL289:
.LBB752:
.LBI722:
	.loc 1 286 20 is_stmt 1 view .LVU933
	.loc 1 287 5 view .LVU934
.LBB749:
.LBI723:
	.loc 1 266 20 view .LVU935
.LBB746:
	.loc 1 267 5 view .LVU936
.LBB729:
.LBI725:
	.loc 1 79 24 view .LVU937
.LBB727:
	.loc 1 80 5 view .LVU938
	.loc 1 81 5 view .LVU939
.LBE727:
.LBE729:
.LBB730:
.LBB731:
.LBB732:
.LBB733:
.LBB734:
	.loc 1 135 11 is_stmt 0 view .LVU940
	leaq	.LC26(%rip), %rbp
.LBE734:
.LBE733:
.LBE732:
.LBE731:
.LBE730:
.LBB741:
.LBB728:
	.loc 1 81 11 view .LVU941
	call	clock_gettime@PLT
.LVL290:
	.loc 1 82 5 is_stmt 1 view .LVU942
	.loc 1 82 64 is_stmt 0 view .LVU943
	movabsq	$4835703278458516699, %rax
	mulq	168(%rsp)
	.loc 1 82 33 view .LVU944
	imulq	$1000, 160(%rsp), %rcx
	.loc 1 82 64 view .LVU945
	shrq	$18, %rdx
.LBE728:
.LBE741:
	.loc 1 267 14 view .LVU946
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, (%rsp)
.LVL291:
	.loc 1 267 14 view .LVU947
	jmp	.L175
.LVL292:
	.p2align 4,,10
	.p2align 3
.L176:
.LBB742:
	.loc 1 275 9 is_stmt 1 view .LVU948
	.loc 1 275 12 is_stmt 0 view .LVU949
	movl	56(%r13), %r11d
	testl	%r11d, %r11d
	js	.L181
.LBB738:
.LBI738:
	.loc 1 79 24 is_stmt 1 view .LVU950
.LBB739:
	.loc 1 80 5 view .LVU951
	.loc 1 81 5 view .LVU952
	.loc 1 81 11 is_stmt 0 view .LVU953
	movq	%r15, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL293:
	.loc 1 82 5 is_stmt 1 view .LVU954
	.loc 1 82 64 is_stmt 0 view .LVU955
	movabsq	$4835703278458516699, %rax
	mulq	168(%rsp)
	.loc 1 82 33 view .LVU956
	imulq	$1000, 160(%rsp), %rcx
	.loc 1 82 64 view .LVU957
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU958
	addq	%rdx, %rcx
.LBE739:
.LBE738:
	.loc 1 275 28 view .LVU959
	cmpq	%rcx, (%rsp)
	jnb	.L182
.L181:
	.loc 1 276 13 is_stmt 1 view .LVU960
.LVL294:
.LBB740:
.LBI731:
	.loc 1 259 20 view .LVU961
.LBB737:
	.loc 1 260 5 view .LVU962
	.loc 1 260 11 is_stmt 0 view .LVU963
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	leaq	.LC61(%rip), %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL295:
	.loc 1 261 5 is_stmt 1 view .LVU964
.LBB736:
.LBI733:
	.loc 1 134 20 view .LVU965
.LBB735:
	.loc 1 135 5 view .LVU966
	.loc 1 135 11 is_stmt 0 view .LVU967
	cmpq	$0, 72(%r13)
	movq	%rbp, %r9
	je	.L180
	movq	64(%r13), %r9
.L180:
	.loc 1 135 11 view .LVU968
	cmpq	$0, 24(%r13)
	movq	%rbp, %r8
	je	.L183
	movq	16(%r13), %r8
.L183:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL296:
	.loc 1 135 11 view .LVU969
.LBE735:
.LBE736:
	.loc 1 262 5 is_stmt 1 view .LVU970
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL297:
.L182:
	.loc 1 262 5 is_stmt 0 view .LVU971
.LBE737:
.LBE740:
	.loc 1 278 9 is_stmt 1 view .LVU972
	.loc 1 278 15 is_stmt 0 view .LVU973
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL298:
.LBE742:
	.loc 1 268 5 is_stmt 1 view .LVU974
.L175:
	.loc 1 268 5 view .LVU975
.LBB743:
	.loc 1 269 9 view .LVU976
	.loc 1 269 76 is_stmt 0 view .LVU977
	cmpq	$0, 72(%r13)
	je	.L176
	.loc 1 269 69 view .LVU978
	movq	88(%r13), %rbx
	.loc 1 269 76 view .LVU979
	movq	64(%r13), %r12
	.loc 1 270 29 view .LVU980
	leaq	.LC61(%rip), %rsi
	.loc 1 269 76 view .LVU981
	addq	%rbx, %r12
.LVL299:
	.loc 1 270 9 is_stmt 1 view .LVU982
	.loc 1 270 29 is_stmt 0 view .LVU983
	movq	%r12, %rdi
	call	strstr@PLT
.LVL300:
	.loc 1 271 9 is_stmt 1 view .LVU984
	.loc 1 271 12 is_stmt 0 view .LVU985
	testq	%rax, %rax
	je	.L176
	.loc 1 272 13 is_stmt 1 view .LVU986
	.loc 1 272 44 is_stmt 0 view .LVU987
	movq	%r12, %rcx
.LBE743:
.LBE746:
.LBE749:
.LBE752:
	.loc 7 96 5 view .LVU988
	movq	40(%rsp), %rdi
	leaq	.LC62(%rip), %rdx
	xorl	%esi, %esi
.LBB753:
.LBB750:
.LBB747:
.LBB744:
	.loc 1 272 44 view .LVU989
	subq	%rcx, %rax
.LVL301:
	.loc 1 272 44 view .LVU990
.LBE744:
.LBE747:
.LBE750:
.LBE753:
.LBB754:
.LBB755:
.LBB756:
.LBB757:
.LBB758:
.LBB759:
.LBB760:
.LBB761:
	.loc 1 135 11 view .LVU991
	leaq	.LC26(%rip), %rbp
.LBE761:
.LBE760:
.LBE759:
.LBE758:
.LBE757:
.LBE756:
.LBE755:
.LBE754:
.LBB784:
.LBB751:
.LBB748:
.LBB745:
	.loc 1 272 26 view .LVU992
	leaq	8(%rbx,%rax), %rax
	movq	%rax, 88(%r13)
	.loc 1 273 13 is_stmt 1 view .LVU993
.LVL302:
	.loc 1 273 13 is_stmt 0 view .LVU994
.LBE745:
.LBE748:
.LBE751:
.LBE784:
	.loc 7 96 5 is_stmt 1 view .LVU995
	call	publish
.LVL303:
	.loc 7 97 5 view .LVU996
.LBB785:
.LBB780:
.LBB776:
.LBB768:
.LBB769:
	.loc 1 81 11 is_stmt 0 view .LVU997
	movq	%r15, %rsi
	movl	$1, %edi
.LBE769:
.LBE768:
.LBE776:
.LBE780:
.LBE785:
	.loc 7 97 5 view .LVU998
	movq	broker(%rip), %r13
.LVL304:
.LBB786:
.LBI754:
	.loc 1 286 20 is_stmt 1 view .LVU999
	.loc 1 287 5 view .LVU1000
.LBB781:
.LBI755:
	.loc 1 266 20 view .LVU1001
.LBB777:
	.loc 1 267 5 view .LVU1002
.LBB771:
.LBI768:
	.loc 1 79 24 view .LVU1003
.LBB770:
	.loc 1 80 5 view .LVU1004
	.loc 1 81 5 view .LVU1005
	.loc 1 81 11 is_stmt 0 view .LVU1006
	call	clock_gettime@PLT
.LVL305:
	.loc 1 82 5 is_stmt 1 view .LVU1007
	.loc 1 82 64 is_stmt 0 view .LVU1008
	movabsq	$4835703278458516699, %rax
	mulq	168(%rsp)
	.loc 1 82 33 view .LVU1009
	imulq	$1000, 160(%rsp), %rcx
	.loc 1 82 64 view .LVU1010
	shrq	$18, %rdx
.LBE770:
.LBE771:
	.loc 1 267 14 view .LVU1011
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, (%rsp)
.LVL306:
	.loc 1 267 14 view .LVU1012
	jmp	.L177
.LVL307:
	.p2align 4,,10
	.p2align 3
.L184:
.LBB772:
	.loc 1 275 9 is_stmt 1 view .LVU1013
	.loc 1 275 12 is_stmt 0 view .LVU1014
	movl	56(%r13), %r10d
	testl	%r10d, %r10d
	js	.L189
.LBB765:
.LBI765:
	.loc 1 79 24 is_stmt 1 view .LVU1015
.LBB766:
	.loc 1 80 5 view .LVU1016
	.loc 1 81 5 view .LVU1017
	.loc 1 81 11 is_stmt 0 view .LVU1018
	movq	%r15, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL308:
	.loc 1 82 5 is_stmt 1 view .LVU1019
	.loc 1 82 64 is_stmt 0 view .LVU1020
	movabsq	$4835703278458516699, %rax
	mulq	168(%rsp)
	.loc 1 82 33 view .LVU1021
	imulq	$1000, 160(%rsp), %rcx
	.loc 1 82 64 view .LVU1022
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1023
	addq	%rdx, %rcx
.LBE766:
.LBE765:
	.loc 1 275 28 view .LVU1024
	cmpq	%rcx, (%rsp)
	jnb	.L190
.L189:
	.loc 1 276 13 is_stmt 1 view .LVU1025
.LVL309:
.LBB767:
.LBI758:
	.loc 1 259 20 view .LVU1026
.LBB764:
	.loc 1 260 5 view .LVU1027
	.loc 1 260 11 is_stmt 0 view .LVU1028
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	leaq	.LC63(%rip), %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL310:
	.loc 1 261 5 is_stmt 1 view .LVU1029
.LBB763:
.LBI760:
	.loc 1 134 20 view .LVU1030
.LBB762:
	.loc 1 135 5 view .LVU1031
	.loc 1 135 11 is_stmt 0 view .LVU1032
	cmpq	$0, 72(%r13)
	movq	%rbp, %r9
	je	.L188
	movq	64(%r13), %r9
.L188:
	.loc 1 135 11 view .LVU1033
	cmpq	$0, 24(%r13)
	movq	%rbp, %r8
	je	.L191
	movq	16(%r13), %r8
.L191:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL311:
	.loc 1 135 11 view .LVU1034
.LBE762:
.LBE763:
	.loc 1 262 5 is_stmt 1 view .LVU1035
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL312:
.L190:
	.loc 1 262 5 is_stmt 0 view .LVU1036
.LBE764:
.LBE767:
	.loc 1 278 9 is_stmt 1 view .LVU1037
	.loc 1 278 15 is_stmt 0 view .LVU1038
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL313:
.LBE772:
	.loc 1 268 5 is_stmt 1 view .LVU1039
.L177:
	.loc 1 268 5 view .LVU1040
.LBB773:
	.loc 1 269 9 view .LVU1041
	.loc 1 269 76 is_stmt 0 view .LVU1042
	cmpq	$0, 72(%r13)
	je	.L184
	.loc 1 269 69 view .LVU1043
	movq	88(%r13), %rbx
	.loc 1 269 76 view .LVU1044
	movq	64(%r13), %r12
	.loc 1 270 29 view .LVU1045
	leaq	.LC63(%rip), %rsi
	.loc 1 269 76 view .LVU1046
	addq	%rbx, %r12
.LVL314:
	.loc 1 270 9 is_stmt 1 view .LVU1047
	.loc 1 270 29 is_stmt 0 view .LVU1048
	movq	%r12, %rdi
	call	strstr@PLT
.LVL315:
	.loc 1 271 9 is_stmt 1 view .LVU1049
	.loc 1 271 12 is_stmt 0 view .LVU1050
	testq	%rax, %rax
	je	.L184
	.loc 1 272 13 is_stmt 1 view .LVU1051
	.loc 1 272 44 is_stmt 0 view .LVU1052
	movq	%r12, %rcx
.LBE773:
.LBE777:
.LBE781:
.LBE786:
	.loc 7 99 9 view .LVU1053
	movdqa	16(%rsp), %xmm4
	pxor	%xmm0, %xmm0
	movq	%r15, %rdi
.LBB787:
.LBB782:
.LBB778:
.LBB774:
	.loc 1 272 44 view .LVU1054
	subq	%rcx, %rax
.LVL316:
	.loc 1 272 44 view .LVU1055
.LBE774:
.LBE778:
.LBE782:
.LBE787:
	.loc 7 99 9 view .LVU1056
	movdqa	48(%rsp), %xmm5
	movdqa	64(%rsp), %xmm6
.LBB788:
.LBB789:
.LBB790:
.LBB791:
.LBB792:
.LBB793:
.LBB794:
.LBB795:
	.loc 1 135 11 view .LVU1057
	leaq	.LC26(%rip), %rbp
.LBE795:
.LBE794:
.LBE793:
.LBE792:
.LBE791:
.LBE790:
.LBE789:
.LBE788:
.LBB815:
.LBB783:
.LBB779:
.LBB775:
	.loc 1 272 26 view .LVU1058
	leaq	32(%rbx,%rax), %rax
	leaq	.LC64(%rip), %rbx
	movq	%rax, 88(%r13)
	.loc 1 273 13 is_stmt 1 view .LVU1059
.LVL317:
	.loc 1 273 13 is_stmt 0 view .LVU1060
.LBE775:
.LBE779:
.LBE783:
.LBE815:
	.loc 7 98 5 is_stmt 1 view .LVU1061
	.loc 7 99 9 is_stmt 0 view .LVU1062
	movq	process_folder(%rip), %rax
	movaps	%xmm0, 176(%rsp)
	movq	%rax, 160(%rsp)
	movq	96(%rsp), %rax
	movaps	%xmm4, 256(%rsp)
	movaps	%xmm5, 272(%rsp)
	movaps	%xmm6, 288(%rsp)
	movq	$0, 304(%rsp)
	movq	%rax, 168(%rsp)
	call	process_start_with
.LVL318:
.LBB816:
.LBB812:
.LBB809:
.LBB802:
.LBB803:
	.loc 1 81 11 view .LVU1063
	leaq	112(%rsp), %rsi
	movl	$1, %edi
.LBE803:
.LBE802:
.LBE809:
.LBE812:
.LBE816:
	.loc 7 100 5 view .LVU1064
	movq	broker(%rip), %r15
	.loc 7 99 9 view .LVU1065
	movq	%rax, 48(%rsp)
.LVL319:
	.loc 7 100 5 is_stmt 1 view .LVU1066
.LBB817:
.LBI788:
	.loc 1 286 20 view .LVU1067
	.loc 1 287 5 view .LVU1068
.LBB813:
.LBI789:
	.loc 1 266 20 view .LVU1069
.LBB810:
	.loc 1 267 5 view .LVU1070
.LBB805:
.LBI802:
	.loc 1 79 24 view .LVU1071
.LBB804:
	.loc 1 80 5 view .LVU1072
	.loc 1 81 5 view .LVU1073
	.loc 1 81 11 is_stmt 0 view .LVU1074
	movq	%rsi, (%rsp)
	call	clock_gettime@PLT
.LVL320:
	.loc 1 82 5 is_stmt 1 view .LVU1075
	.loc 1 82 64 is_stmt 0 view .LVU1076
	movabsq	$4835703278458516699, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1077
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1078
	shrq	$18, %rdx
.LBE804:
.LBE805:
	.loc 1 267 14 view .LVU1079
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 16(%rsp)
.LVL321:
	.loc 1 267 14 view .LVU1080
	jmp	.L185
.LVL322:
	.p2align 4,,10
	.p2align 3
.L192:
.LBB806:
	.loc 1 275 9 is_stmt 1 view .LVU1081
	.loc 1 275 12 is_stmt 0 view .LVU1082
	movl	56(%r15), %r9d
	testl	%r9d, %r9d
	js	.L197
.LBB799:
.LBI799:
	.loc 1 79 24 is_stmt 1 view .LVU1083
.LBB800:
	.loc 1 80 5 view .LVU1084
	.loc 1 81 5 view .LVU1085
	.loc 1 81 11 is_stmt 0 view .LVU1086
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL323:
	.loc 1 82 5 is_stmt 1 view .LVU1087
	.loc 1 82 64 is_stmt 0 view .LVU1088
	movabsq	$4835703278458516699, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1089
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1090
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1091
	addq	%rdx, %rcx
.LBE800:
.LBE799:
	.loc 1 275 28 view .LVU1092
	cmpq	%rcx, 16(%rsp)
	jnb	.L198
.L197:
	.loc 1 276 13 is_stmt 1 view .LVU1093
.LVL324:
.LBB801:
.LBI792:
	.loc 1 259 20 view .LVU1094
.LBB798:
	.loc 1 260 5 view .LVU1095
	.loc 1 260 11 is_stmt 0 view .LVU1096
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL325:
	.loc 1 261 5 is_stmt 1 view .LVU1097
.LBB797:
.LBI794:
	.loc 1 134 20 view .LVU1098
.LBB796:
	.loc 1 135 5 view .LVU1099
	.loc 1 135 11 is_stmt 0 view .LVU1100
	cmpq	$0, 72(%r15)
	movq	%rbp, %r9
	je	.L196
	movq	64(%r15), %r9
.L196:
	.loc 1 135 11 view .LVU1101
	cmpq	$0, 24(%r15)
	movq	%rbp, %r8
	je	.L199
	movq	16(%r15), %r8
.L199:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL326:
	.loc 1 135 11 view .LVU1102
.LBE796:
.LBE797:
	.loc 1 262 5 is_stmt 1 view .LVU1103
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL327:
.L198:
	.loc 1 262 5 is_stmt 0 view .LVU1104
.LBE798:
.LBE801:
	.loc 1 278 9 is_stmt 1 view .LVU1105
	.loc 1 278 15 is_stmt 0 view .LVU1106
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL328:
.LBE806:
	.loc 1 268 5 is_stmt 1 view .LVU1107
.L185:
	.loc 1 268 5 view .LVU1108
.LBB807:
	.loc 1 269 9 view .LVU1109
	.loc 1 269 76 is_stmt 0 view .LVU1110
	cmpq	$0, 72(%r15)
	je	.L192
	.loc 1 269 69 view .LVU1111
	movq	88(%r15), %r13
	.loc 1 269 76 view .LVU1112
	movq	64(%r15), %r12
	.loc 1 270 29 view .LVU1113
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1114
	addq	%r13, %r12
.LVL329:
	.loc 1 270 9 is_stmt 1 view .LVU1115
	.loc 1 270 29 is_stmt 0 view .LVU1116
	movq	%r12, %rdi
	call	strstr@PLT
.LVL330:
	.loc 1 271 9 is_stmt 1 view .LVU1117
	.loc 1 271 12 is_stmt 0 view .LVU1118
	testq	%rax, %rax
	je	.L192
	.loc 1 272 13 is_stmt 1 view .LVU1119
	.loc 1 272 44 is_stmt 0 view .LVU1120
	subq	%r12, %rax
.LVL331:
	.loc 1 272 44 view .LVU1121
.LBE807:
.LBE810:
.LBE813:
.LBE817:
	.loc 7 101 5 view .LVU1122
	movq	40(%rsp), %rdi
	leaq	.LC65(%rip), %rdx
	xorl	%esi, %esi
.LBB818:
.LBB814:
.LBB811:
.LBB808:
	.loc 1 272 26 view .LVU1123
	leaq	27(%r13,%rax), %rax
	leaq	.LC66(%rip), %rbx
	movq	%rax, 88(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU1124
.LVL332:
	.loc 1 273 13 is_stmt 0 view .LVU1125
.LBE808:
.LBE811:
.LBE814:
.LBE818:
	.loc 7 101 5 is_stmt 1 view .LVU1126
.LBB819:
.LBB820:
.LBB821:
.LBB822:
.LBB823:
.LBB824:
.LBB825:
.LBB826:
	.loc 1 135 11 is_stmt 0 view .LVU1127
	leaq	.LC26(%rip), %rbp
.LBE826:
.LBE825:
.LBE824:
.LBE823:
.LBE822:
.LBE821:
.LBE820:
.LBE819:
	.loc 7 101 5 view .LVU1128
	call	publish
.LVL333:
	.loc 7 102 5 is_stmt 1 view .LVU1129
.LBB849:
.LBB845:
.LBB841:
.LBB833:
.LBB834:
	.loc 1 81 11 is_stmt 0 view .LVU1130
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE834:
.LBE833:
.LBE841:
.LBE845:
.LBE849:
	.loc 7 102 5 view .LVU1131
	movq	broker(%rip), %r15
.LVL334:
.LBB850:
.LBI819:
	.loc 1 286 20 is_stmt 1 view .LVU1132
	.loc 1 287 5 view .LVU1133
.LBB846:
.LBI820:
	.loc 1 266 20 view .LVU1134
.LBB842:
	.loc 1 267 5 view .LVU1135
.LBB836:
.LBI833:
	.loc 1 79 24 view .LVU1136
.LBB835:
	.loc 1 80 5 view .LVU1137
	.loc 1 81 5 view .LVU1138
	.loc 1 81 11 is_stmt 0 view .LVU1139
	call	clock_gettime@PLT
.LVL335:
	.loc 1 82 5 is_stmt 1 view .LVU1140
	.loc 1 82 64 is_stmt 0 view .LVU1141
	movabsq	$4835703278458516699, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1142
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1143
	shrq	$18, %rdx
.LBE835:
.LBE836:
	.loc 1 267 14 view .LVU1144
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 16(%rsp)
.LVL336:
	.loc 1 267 14 view .LVU1145
	jmp	.L193
.LVL337:
	.p2align 4,,10
	.p2align 3
.L200:
.LBB837:
	.loc 1 275 9 is_stmt 1 view .LVU1146
	.loc 1 275 12 is_stmt 0 view .LVU1147
	movl	56(%r15), %r8d
	testl	%r8d, %r8d
	js	.L205
.LBB830:
.LBI830:
	.loc 1 79 24 is_stmt 1 view .LVU1148
.LBB831:
	.loc 1 80 5 view .LVU1149
	.loc 1 81 5 view .LVU1150
	.loc 1 81 11 is_stmt 0 view .LVU1151
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL338:
	.loc 1 82 5 is_stmt 1 view .LVU1152
	.loc 1 82 64 is_stmt 0 view .LVU1153
	movabsq	$4835703278458516699, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1154
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1155
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1156
	addq	%rdx, %rcx
.LBE831:
.LBE830:
	.loc 1 275 28 view .LVU1157
	cmpq	%rcx, 16(%rsp)
	jnb	.L206
.L205:
	.loc 1 276 13 is_stmt 1 view .LVU1158
.LVL339:
.LBB832:
.LBI823:
	.loc 1 259 20 view .LVU1159
.LBB829:
	.loc 1 260 5 view .LVU1160
	.loc 1 260 11 is_stmt 0 view .LVU1161
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL340:
	.loc 1 261 5 is_stmt 1 view .LVU1162
.LBB828:
.LBI825:
	.loc 1 134 20 view .LVU1163
.LBB827:
	.loc 1 135 5 view .LVU1164
	.loc 1 135 11 is_stmt 0 view .LVU1165
	cmpq	$0, 72(%r15)
	movq	%rbp, %r9
	je	.L204
	movq	64(%r15), %r9
.L204:
	.loc 1 135 11 view .LVU1166
	cmpq	$0, 24(%r15)
	movq	%rbp, %r8
	je	.L207
	movq	16(%r15), %r8
.L207:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL341:
	.loc 1 135 11 view .LVU1167
.LBE827:
.LBE828:
	.loc 1 262 5 is_stmt 1 view .LVU1168
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL342:
.L206:
	.loc 1 262 5 is_stmt 0 view .LVU1169
.LBE829:
.LBE832:
	.loc 1 278 9 is_stmt 1 view .LVU1170
	.loc 1 278 15 is_stmt 0 view .LVU1171
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL343:
.LBE837:
	.loc 1 268 5 is_stmt 1 view .LVU1172
.L193:
	.loc 1 268 5 view .LVU1173
.LBB838:
	.loc 1 269 9 view .LVU1174
	.loc 1 269 76 is_stmt 0 view .LVU1175
	cmpq	$0, 72(%r15)
	je	.L200
	.loc 1 269 69 view .LVU1176
	movq	88(%r15), %r13
	.loc 1 269 76 view .LVU1177
	movq	64(%r15), %r12
	.loc 1 270 29 view .LVU1178
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1179
	addq	%r13, %r12
.LVL344:
	.loc 1 270 9 is_stmt 1 view .LVU1180
	.loc 1 270 29 is_stmt 0 view .LVU1181
	movq	%r12, %rdi
	call	strstr@PLT
.LVL345:
	.loc 1 271 9 is_stmt 1 view .LVU1182
	.loc 1 271 12 is_stmt 0 view .LVU1183
	testq	%rax, %rax
	je	.L200
	.loc 1 272 13 is_stmt 1 view .LVU1184
	.loc 1 272 44 is_stmt 0 view .LVU1185
	subq	%r12, %rax
.LVL346:
	.loc 1 272 44 view .LVU1186
.LBE838:
.LBE842:
.LBE846:
.LBE850:
.LBB851:
.LBB852:
.LBB853:
.LBB854:
.LBB855:
	.loc 1 81 11 view .LVU1187
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE855:
.LBE854:
.LBE853:
.LBE852:
.LBE851:
	.loc 7 103 5 view .LVU1188
	movq	broker(%rip), %r12
.LVL347:
.LBB874:
.LBB847:
.LBB843:
.LBB839:
	.loc 1 272 26 view .LVU1189
	leaq	23(%r13,%rax), %rax
.LBE839:
.LBE843:
.LBE847:
.LBE874:
.LBB875:
.LBB871:
.LBB868:
	.loc 1 234 14 view .LVU1190
	movl	$5, %ebx
.LBB859:
.LBB856:
	.loc 1 82 64 view .LVU1191
	movabsq	$4835703278458516699, %r13
.LBE856:
.LBE859:
.LBE868:
.LBE871:
.LBE875:
.LBB876:
.LBB848:
.LBB844:
.LBB840:
	.loc 1 272 26 view .LVU1192
	movq	%rax, 88(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU1193
.LVL348:
	.loc 1 273 13 is_stmt 0 view .LVU1194
.LBE840:
.LBE844:
.LBE848:
.LBE876:
	.loc 7 103 5 is_stmt 1 view .LVU1195
.LBB877:
.LBI851:
	.loc 1 248 20 view .LVU1196
	.loc 1 249 5 view .LVU1197
.LBB872:
.LBI852:
	.loc 1 233 20 view .LVU1198
.LBB869:
	.loc 1 234 5 view .LVU1199
.LBB860:
.LBI854:
	.loc 1 79 24 view .LVU1200
.LBB857:
	.loc 1 80 5 view .LVU1201
	.loc 1 81 5 view .LVU1202
.LBE857:
.LBE860:
	.loc 1 234 14 is_stmt 0 view .LVU1203
	leaq	.LC41(%rip), %rbp
.LBB861:
.LBB858:
	.loc 1 81 11 view .LVU1204
	call	clock_gettime@PLT
.LVL349:
	.loc 1 82 5 is_stmt 1 view .LVU1205
	.loc 1 82 64 is_stmt 0 view .LVU1206
	movq	%r13, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1207
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1208
	shrq	$18, %rdx
.LBE858:
.LBE861:
	.loc 1 234 14 view .LVU1209
	leaq	120000(%rcx,%rdx), %r15
.LVL350:
	.loc 1 235 5 is_stmt 1 view .LVU1210
	.loc 1 235 23 view .LVU1211
	.p2align 4,,10
	.p2align 3
.L201:
.LBB862:
	.loc 1 236 9 view .LVU1212
	.loc 1 236 24 is_stmt 0 view .LVU1213
	movl	4(%r12), %edi
	movq	%rbx, %rdx
	movq	%rbp, %rsi
	call	write@PLT
.LVL351:
	.loc 1 237 9 is_stmt 1 view .LVU1214
	.loc 1 237 12 is_stmt 0 view .LVU1215
	testq	%rax, %rax
	jle	.L208
	.loc 1 238 13 is_stmt 1 view .LVU1216
	.loc 1 238 43 is_stmt 0 view .LVU1217
	addq	%rax, %rbp
.LVL352:
	.loc 1 238 43 view .LVU1218
.LBE862:
	.loc 1 235 23 is_stmt 1 view .LVU1219
	subq	%rax, %rbx
.LVL353:
	.loc 1 235 23 is_stmt 0 view .LVU1220
	jne	.L201
.LVL354:
.L210:
	.loc 1 235 23 view .LVU1221
.LBE869:
.LBE872:
.LBE877:
	.loc 7 104 5 is_stmt 1 view .LVU1222
.LBB878:
.LBB879:
.LBB880:
.LBB881:
.LBB882:
	.loc 1 81 11 is_stmt 0 view .LVU1223
	movq	(%rsp), %rsi
	movl	$1, %edi
	.loc 1 82 64 view .LVU1224
	movabsq	$4835703278458516699, %rbp
.LBE882:
.LBE881:
.LBE880:
.LBE879:
.LBE878:
	.loc 7 104 5 view .LVU1225
	movq	broker(%rip), %r15
.LVL355:
.LBB908:
.LBI878:
	.loc 1 282 20 is_stmt 1 view .LVU1226
	.loc 1 283 5 view .LVU1227
.LBB905:
.LBI879:
	.loc 1 266 20 view .LVU1228
.LBB902:
	.loc 1 267 5 view .LVU1229
.LBB885:
.LBI881:
	.loc 1 79 24 view .LVU1230
.LBB883:
	.loc 1 80 5 view .LVU1231
	.loc 1 81 5 view .LVU1232
.LBE883:
.LBE885:
.LBB886:
.LBB887:
.LBB888:
.LBB889:
.LBB890:
	.loc 1 135 11 is_stmt 0 view .LVU1233
	leaq	.LC26(%rip), %rbx
.LBE890:
.LBE889:
.LBE888:
.LBE887:
.LBE886:
.LBB897:
.LBB884:
	.loc 1 81 11 view .LVU1234
	call	clock_gettime@PLT
.LVL356:
	.loc 1 82 5 is_stmt 1 view .LVU1235
	.loc 1 82 64 is_stmt 0 view .LVU1236
	movq	%rbp, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1237
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1238
	shrq	$18, %rdx
.LBE884:
.LBE897:
	.loc 1 267 14 view .LVU1239
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 16(%rsp)
.LVL357:
	.loc 1 267 14 view .LVU1240
	jmp	.L212
.LVL358:
	.p2align 4,,10
	.p2align 3
.L213:
.LBB898:
	.loc 1 275 9 is_stmt 1 view .LVU1241
	.loc 1 275 12 is_stmt 0 view .LVU1242
	movl	8(%r15), %edi
	testl	%edi, %edi
	js	.L218
.LBB894:
.LBI894:
	.loc 1 79 24 is_stmt 1 view .LVU1243
.LBB895:
	.loc 1 80 5 view .LVU1244
	.loc 1 81 5 view .LVU1245
	.loc 1 81 11 is_stmt 0 view .LVU1246
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL359:
	.loc 1 82 5 is_stmt 1 view .LVU1247
	.loc 1 82 64 is_stmt 0 view .LVU1248
	movq	%rbp, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1249
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1250
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1251
	addq	%rdx, %rcx
.LBE895:
.LBE894:
	.loc 1 275 28 view .LVU1252
	cmpq	%rcx, 16(%rsp)
	jnb	.L219
.L218:
	.loc 1 276 13 is_stmt 1 view .LVU1253
.LVL360:
.LBB896:
.LBI887:
	.loc 1 259 20 view .LVU1254
.LBB893:
	.loc 1 260 5 view .LVU1255
	.loc 1 260 11 is_stmt 0 view .LVU1256
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	leaq	.LC59(%rip), %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL361:
	.loc 1 261 5 is_stmt 1 view .LVU1257
.LBB892:
.LBI889:
	.loc 1 134 20 view .LVU1258
.LBB891:
	.loc 1 135 5 view .LVU1259
	.loc 1 135 11 is_stmt 0 view .LVU1260
	cmpq	$0, 72(%r15)
	movq	%rbx, %r9
	je	.L217
	movq	64(%r15), %r9
.L217:
	.loc 1 135 11 view .LVU1261
	cmpq	$0, 24(%r15)
	movq	%rbx, %r8
	je	.L220
	movq	16(%r15), %r8
.L220:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL362:
	.loc 1 135 11 view .LVU1262
.LBE891:
.LBE892:
	.loc 1 262 5 is_stmt 1 view .LVU1263
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL363:
.L219:
	.loc 1 262 5 is_stmt 0 view .LVU1264
.LBE893:
.LBE896:
	.loc 1 278 9 is_stmt 1 view .LVU1265
	.loc 1 278 15 is_stmt 0 view .LVU1266
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL364:
.LBE898:
	.loc 1 268 5 is_stmt 1 view .LVU1267
.L212:
	.loc 1 268 5 view .LVU1268
.LBB899:
	.loc 1 269 9 view .LVU1269
	.loc 1 269 76 is_stmt 0 view .LVU1270
	cmpq	$0, 24(%r15)
	je	.L213
	.loc 1 269 69 view .LVU1271
	movq	40(%r15), %r12
	.loc 1 269 76 view .LVU1272
	movq	16(%r15), %r13
	.loc 1 270 29 view .LVU1273
	leaq	.LC59(%rip), %rsi
	.loc 1 269 76 view .LVU1274
	addq	%r12, %r13
.LVL365:
	.loc 1 270 9 is_stmt 1 view .LVU1275
	.loc 1 270 29 is_stmt 0 view .LVU1276
	movq	%r13, %rdi
	call	strstr@PLT
.LVL366:
	.loc 1 271 9 is_stmt 1 view .LVU1277
	.loc 1 271 12 is_stmt 0 view .LVU1278
	testq	%rax, %rax
	je	.L213
	.loc 1 272 13 is_stmt 1 view .LVU1279
	.loc 1 272 44 is_stmt 0 view .LVU1280
	subq	%r13, %rax
.LVL367:
	.loc 1 272 44 view .LVU1281
.LBE899:
.LBE902:
.LBE905:
.LBE908:
.LBB909:
.LBB910:
.LBB911:
.LBB912:
.LBB913:
	.loc 1 81 11 view .LVU1282
	movq	(%rsp), %rsi
	movl	$1, %edi
	.loc 1 82 64 view .LVU1283
	movabsq	$4835703278458516699, %r13
.LVL368:
	.loc 1 82 64 view .LVU1284
.LBE913:
.LBE912:
.LBE911:
.LBE910:
.LBE909:
.LBB928:
.LBB906:
.LBB903:
.LBB900:
	.loc 1 272 26 view .LVU1285
	leaq	5(%r12,%rax), %rax
.LBE900:
.LBE903:
.LBE906:
.LBE928:
	.loc 7 105 5 view .LVU1286
	movq	broker(%rip), %r12
.LBB929:
.LBB925:
.LBB922:
	.loc 1 234 14 view .LVU1287
	movl	$5, %ebx
	leaq	.LC42(%rip), %rbp
.LBE922:
.LBE925:
.LBE929:
.LBB930:
.LBB907:
.LBB904:
.LBB901:
	.loc 1 272 26 view .LVU1288
	movq	%rax, 40(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU1289
.LVL369:
	.loc 1 273 13 is_stmt 0 view .LVU1290
.LBE901:
.LBE904:
.LBE907:
.LBE930:
	.loc 7 105 5 is_stmt 1 view .LVU1291
.LBB931:
.LBI909:
	.loc 1 248 20 view .LVU1292
	.loc 1 249 5 view .LVU1293
.LBB926:
.LBI910:
	.loc 1 233 20 view .LVU1294
.LBB923:
	.loc 1 234 5 view .LVU1295
.LBB915:
.LBI912:
	.loc 1 79 24 view .LVU1296
.LBB914:
	.loc 1 80 5 view .LVU1297
	.loc 1 81 5 view .LVU1298
	.loc 1 81 11 is_stmt 0 view .LVU1299
	call	clock_gettime@PLT
.LVL370:
	.loc 1 82 5 is_stmt 1 view .LVU1300
	.loc 1 82 64 is_stmt 0 view .LVU1301
	movq	%r13, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1302
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1303
	shrq	$18, %rdx
.LBE914:
.LBE915:
	.loc 1 234 14 view .LVU1304
	leaq	120000(%rcx,%rdx), %r15
.LVL371:
	.loc 1 235 5 is_stmt 1 view .LVU1305
	.loc 1 235 23 view .LVU1306
	.p2align 4,,10
	.p2align 3
.L214:
.LBB916:
	.loc 1 236 9 view .LVU1307
	.loc 1 236 24 is_stmt 0 view .LVU1308
	movl	4(%r12), %edi
	movq	%rbx, %rdx
	movq	%rbp, %rsi
	call	write@PLT
.LVL372:
	.loc 1 237 9 is_stmt 1 view .LVU1309
	.loc 1 237 12 is_stmt 0 view .LVU1310
	testq	%rax, %rax
	jle	.L221
	.loc 1 238 13 is_stmt 1 view .LVU1311
	.loc 1 238 43 is_stmt 0 view .LVU1312
	addq	%rax, %rbp
.LVL373:
	.loc 1 238 43 view .LVU1313
.LBE916:
	.loc 1 235 23 is_stmt 1 view .LVU1314
	subq	%rax, %rbx
.LVL374:
	.loc 1 235 23 is_stmt 0 view .LVU1315
	jne	.L214
.LVL375:
.L223:
	.loc 1 235 23 view .LVU1316
.LBE923:
.LBE926:
.LBE931:
	.loc 7 106 5 is_stmt 1 view .LVU1317
.LBB932:
.LBB933:
.LBB934:
.LBB935:
.LBB936:
	.loc 1 81 11 is_stmt 0 view .LVU1318
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE936:
.LBE935:
.LBE934:
.LBE933:
.LBE932:
	.loc 7 106 5 view .LVU1319
	movq	broker(%rip), %r15
.LVL376:
.LBB962:
.LBI932:
	.loc 1 282 20 is_stmt 1 view .LVU1320
	.loc 1 283 5 view .LVU1321
.LBB959:
.LBI933:
	.loc 1 266 20 view .LVU1322
.LBB956:
	.loc 1 267 5 view .LVU1323
.LBB939:
.LBI935:
	.loc 1 79 24 view .LVU1324
.LBB937:
	.loc 1 80 5 view .LVU1325
	.loc 1 81 5 view .LVU1326
	leaq	.LC67(%rip), %rbx
.LBE937:
.LBE939:
.LBB940:
.LBB941:
.LBB942:
.LBB943:
.LBB944:
	.loc 1 135 11 is_stmt 0 view .LVU1327
	leaq	.LC26(%rip), %rbp
.LBE944:
.LBE943:
.LBE942:
.LBE941:
.LBE940:
.LBB951:
.LBB938:
	.loc 1 81 11 view .LVU1328
	call	clock_gettime@PLT
.LVL377:
	.loc 1 82 5 is_stmt 1 view .LVU1329
	.loc 1 82 64 is_stmt 0 view .LVU1330
	movabsq	$4835703278458516699, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1331
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1332
	shrq	$18, %rdx
.LBE938:
.LBE951:
	.loc 1 267 14 view .LVU1333
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 16(%rsp)
.LVL378:
	.loc 1 267 14 view .LVU1334
	jmp	.L225
.LVL379:
	.p2align 4,,10
	.p2align 3
.L226:
.LBB952:
	.loc 1 275 9 is_stmt 1 view .LVU1335
	.loc 1 275 12 is_stmt 0 view .LVU1336
	movl	8(%r15), %esi
	testl	%esi, %esi
	js	.L231
.LBB948:
.LBI948:
	.loc 1 79 24 is_stmt 1 view .LVU1337
.LBB949:
	.loc 1 80 5 view .LVU1338
	.loc 1 81 5 view .LVU1339
	.loc 1 81 11 is_stmt 0 view .LVU1340
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL380:
	.loc 1 82 5 is_stmt 1 view .LVU1341
	.loc 1 82 64 is_stmt 0 view .LVU1342
	movabsq	$4835703278458516699, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1343
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1344
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1345
	addq	%rdx, %rcx
.LBE949:
.LBE948:
	.loc 1 275 28 view .LVU1346
	cmpq	%rcx, 16(%rsp)
	jnb	.L232
.L231:
	.loc 1 276 13 is_stmt 1 view .LVU1347
.LVL381:
.LBB950:
.LBI941:
	.loc 1 259 20 view .LVU1348
.LBB947:
	.loc 1 260 5 view .LVU1349
	.loc 1 260 11 is_stmt 0 view .LVU1350
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL382:
	.loc 1 261 5 is_stmt 1 view .LVU1351
.LBB946:
.LBI943:
	.loc 1 134 20 view .LVU1352
.LBB945:
	.loc 1 135 5 view .LVU1353
	.loc 1 135 11 is_stmt 0 view .LVU1354
	cmpq	$0, 72(%r15)
	movq	%rbp, %r9
	je	.L230
	movq	64(%r15), %r9
.L230:
	.loc 1 135 11 view .LVU1355
	cmpq	$0, 24(%r15)
	movq	%rbp, %r8
	je	.L233
	movq	16(%r15), %r8
.L233:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL383:
	.loc 1 135 11 view .LVU1356
.LBE945:
.LBE946:
	.loc 1 262 5 is_stmt 1 view .LVU1357
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL384:
.L232:
	.loc 1 262 5 is_stmt 0 view .LVU1358
.LBE947:
.LBE950:
	.loc 1 278 9 is_stmt 1 view .LVU1359
	.loc 1 278 15 is_stmt 0 view .LVU1360
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL385:
.LBE952:
	.loc 1 268 5 is_stmt 1 view .LVU1361
.L225:
	.loc 1 268 5 view .LVU1362
.LBB953:
	.loc 1 269 9 view .LVU1363
	.loc 1 269 76 is_stmt 0 view .LVU1364
	cmpq	$0, 24(%r15)
	je	.L226
	.loc 1 269 69 view .LVU1365
	movq	40(%r15), %r13
	.loc 1 269 76 view .LVU1366
	movq	16(%r15), %r12
	.loc 1 270 29 view .LVU1367
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1368
	addq	%r13, %r12
.LVL386:
	.loc 1 270 9 is_stmt 1 view .LVU1369
	.loc 1 270 29 is_stmt 0 view .LVU1370
	movq	%r12, %rdi
	call	strstr@PLT
.LVL387:
	.loc 1 271 9 is_stmt 1 view .LVU1371
	.loc 1 271 12 is_stmt 0 view .LVU1372
	testq	%rax, %rax
	je	.L226
	.loc 1 272 13 is_stmt 1 view .LVU1373
	.loc 1 272 44 is_stmt 0 view .LVU1374
	subq	%r12, %rax
.LVL388:
	.loc 1 272 44 view .LVU1375
.LBE953:
.LBE956:
.LBE959:
.LBE962:
.LBB963:
.LBB964:
.LBB965:
.LBB966:
.LBB967:
	.loc 1 81 11 view .LVU1376
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE967:
.LBE966:
.LBE965:
.LBE964:
.LBE963:
	.loc 7 107 5 view .LVU1377
	movq	broker(%rip), %r12
.LVL389:
.LBB986:
.LBB960:
.LBB957:
.LBB954:
	.loc 1 272 26 view .LVU1378
	leaq	25(%r13,%rax), %rax
.LBE954:
.LBE957:
.LBE960:
.LBE986:
.LBB987:
.LBB983:
.LBB980:
	.loc 1 234 14 view .LVU1379
	movl	$5, %ebx
.LBB971:
.LBB968:
	.loc 1 82 64 view .LVU1380
	movabsq	$4835703278458516699, %r13
.LBE968:
.LBE971:
.LBE980:
.LBE983:
.LBE987:
.LBB988:
.LBB961:
.LBB958:
.LBB955:
	.loc 1 272 26 view .LVU1381
	movq	%rax, 40(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU1382
.LVL390:
	.loc 1 273 13 is_stmt 0 view .LVU1383
.LBE955:
.LBE958:
.LBE961:
.LBE988:
	.loc 7 107 5 is_stmt 1 view .LVU1384
.LBB989:
.LBI963:
	.loc 1 248 20 view .LVU1385
	.loc 1 249 5 view .LVU1386
.LBB984:
.LBI964:
	.loc 1 233 20 view .LVU1387
.LBB981:
	.loc 1 234 5 view .LVU1388
.LBB972:
.LBI966:
	.loc 1 79 24 view .LVU1389
.LBB969:
	.loc 1 80 5 view .LVU1390
	.loc 1 81 5 view .LVU1391
.LBE969:
.LBE972:
	.loc 1 234 14 is_stmt 0 view .LVU1392
	leaq	.LC42(%rip), %rbp
.LBB973:
.LBB970:
	.loc 1 81 11 view .LVU1393
	call	clock_gettime@PLT
.LVL391:
	.loc 1 82 5 is_stmt 1 view .LVU1394
	.loc 1 82 64 is_stmt 0 view .LVU1395
	movq	%r13, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1396
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1397
	shrq	$18, %rdx
.LBE970:
.LBE973:
	.loc 1 234 14 view .LVU1398
	leaq	120000(%rcx,%rdx), %r15
.LVL392:
	.loc 1 235 5 is_stmt 1 view .LVU1399
	.loc 1 235 23 view .LVU1400
	.p2align 4,,10
	.p2align 3
.L227:
.LBB974:
	.loc 1 236 9 view .LVU1401
	.loc 1 236 24 is_stmt 0 view .LVU1402
	movl	4(%r12), %edi
	movq	%rbx, %rdx
	movq	%rbp, %rsi
	call	write@PLT
.LVL393:
	.loc 1 237 9 is_stmt 1 view .LVU1403
	.loc 1 237 12 is_stmt 0 view .LVU1404
	testq	%rax, %rax
	jle	.L234
	.loc 1 238 13 is_stmt 1 view .LVU1405
	.loc 1 238 43 is_stmt 0 view .LVU1406
	addq	%rax, %rbp
.LVL394:
	.loc 1 238 43 view .LVU1407
.LBE974:
	.loc 1 235 23 is_stmt 1 view .LVU1408
	subq	%rax, %rbx
.LVL395:
	.loc 1 235 23 is_stmt 0 view .LVU1409
	jne	.L227
.LVL396:
.L236:
	.loc 1 235 23 view .LVU1410
.LBE981:
.LBE984:
.LBE989:
	.loc 7 108 5 is_stmt 1 view .LVU1411
.LBB990:
.LBB991:
.LBB992:
.LBB993:
.LBB994:
	.loc 1 81 11 is_stmt 0 view .LVU1412
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE994:
.LBE993:
.LBE992:
.LBE991:
.LBE990:
	.loc 7 108 5 view .LVU1413
	movq	broker(%rip), %r15
.LVL397:
.LBB1020:
.LBI990:
	.loc 1 282 20 is_stmt 1 view .LVU1414
	.loc 1 283 5 view .LVU1415
.LBB1017:
.LBI991:
	.loc 1 266 20 view .LVU1416
.LBB1014:
	.loc 1 267 5 view .LVU1417
.LBB997:
.LBI993:
	.loc 1 79 24 view .LVU1418
.LBB995:
	.loc 1 80 5 view .LVU1419
	.loc 1 81 5 view .LVU1420
	leaq	.LC68(%rip), %rbx
.LBE995:
.LBE997:
.LBB998:
.LBB999:
.LBB1000:
.LBB1001:
.LBB1002:
	.loc 1 135 11 is_stmt 0 view .LVU1421
	leaq	.LC26(%rip), %rbp
.LBE1002:
.LBE1001:
.LBE1000:
.LBE999:
.LBE998:
.LBB1009:
.LBB996:
	.loc 1 81 11 view .LVU1422
	call	clock_gettime@PLT
.LVL398:
	.loc 1 82 5 is_stmt 1 view .LVU1423
	.loc 1 82 64 is_stmt 0 view .LVU1424
	movabsq	$4835703278458516699, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1425
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1426
	shrq	$18, %rdx
.LBE996:
.LBE1009:
	.loc 1 267 14 view .LVU1427
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 16(%rsp)
.LVL399:
	.loc 1 267 14 view .LVU1428
	jmp	.L238
.LVL400:
	.p2align 4,,10
	.p2align 3
.L239:
.LBB1010:
	.loc 1 275 9 is_stmt 1 view .LVU1429
	.loc 1 275 12 is_stmt 0 view .LVU1430
	movl	8(%r15), %ecx
	testl	%ecx, %ecx
	js	.L244
.LBB1006:
.LBI1006:
	.loc 1 79 24 is_stmt 1 view .LVU1431
.LBB1007:
	.loc 1 80 5 view .LVU1432
	.loc 1 81 5 view .LVU1433
	.loc 1 81 11 is_stmt 0 view .LVU1434
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL401:
	.loc 1 82 5 is_stmt 1 view .LVU1435
	.loc 1 82 64 is_stmt 0 view .LVU1436
	movabsq	$4835703278458516699, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1437
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1438
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1439
	addq	%rdx, %rcx
.LBE1007:
.LBE1006:
	.loc 1 275 28 view .LVU1440
	cmpq	%rcx, 16(%rsp)
	jnb	.L245
.L244:
	.loc 1 276 13 is_stmt 1 view .LVU1441
.LVL402:
.LBB1008:
.LBI999:
	.loc 1 259 20 view .LVU1442
.LBB1005:
	.loc 1 260 5 view .LVU1443
	.loc 1 260 11 is_stmt 0 view .LVU1444
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL403:
	.loc 1 261 5 is_stmt 1 view .LVU1445
.LBB1004:
.LBI1001:
	.loc 1 134 20 view .LVU1446
.LBB1003:
	.loc 1 135 5 view .LVU1447
	.loc 1 135 11 is_stmt 0 view .LVU1448
	cmpq	$0, 72(%r15)
	movq	%rbp, %r9
	je	.L243
	movq	64(%r15), %r9
.L243:
	.loc 1 135 11 view .LVU1449
	cmpq	$0, 24(%r15)
	movq	%rbp, %r8
	je	.L246
	movq	16(%r15), %r8
.L246:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL404:
	.loc 1 135 11 view .LVU1450
.LBE1003:
.LBE1004:
	.loc 1 262 5 is_stmt 1 view .LVU1451
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL405:
.L245:
	.loc 1 262 5 is_stmt 0 view .LVU1452
.LBE1005:
.LBE1008:
	.loc 1 278 9 is_stmt 1 view .LVU1453
	.loc 1 278 15 is_stmt 0 view .LVU1454
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL406:
.LBE1010:
	.loc 1 268 5 is_stmt 1 view .LVU1455
.L238:
	.loc 1 268 5 view .LVU1456
.LBB1011:
	.loc 1 269 9 view .LVU1457
	.loc 1 269 76 is_stmt 0 view .LVU1458
	cmpq	$0, 24(%r15)
	je	.L239
	.loc 1 269 69 view .LVU1459
	movq	40(%r15), %r13
	.loc 1 269 76 view .LVU1460
	movq	16(%r15), %r12
	.loc 1 270 29 view .LVU1461
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1462
	addq	%r13, %r12
.LVL407:
	.loc 1 270 9 is_stmt 1 view .LVU1463
	.loc 1 270 29 is_stmt 0 view .LVU1464
	movq	%r12, %rdi
	call	strstr@PLT
.LVL408:
	.loc 1 271 9 is_stmt 1 view .LVU1465
	.loc 1 271 12 is_stmt 0 view .LVU1466
	testq	%rax, %rax
	je	.L239
	.loc 1 272 13 is_stmt 1 view .LVU1467
	.loc 1 272 44 is_stmt 0 view .LVU1468
	subq	%r12, %rax
.LVL409:
	.loc 1 272 44 view .LVU1469
.LBE1011:
.LBE1014:
.LBE1017:
.LBE1020:
.LBB1021:
.LBB1022:
.LBB1023:
.LBB1024:
.LBB1025:
	.loc 1 81 11 view .LVU1470
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE1025:
.LBE1024:
.LBE1023:
.LBE1022:
.LBE1021:
	.loc 7 109 5 view .LVU1471
	movq	broker(%rip), %r12
.LVL410:
.LBB1044:
.LBB1018:
.LBB1015:
.LBB1012:
	.loc 1 272 26 view .LVU1472
	leaq	24(%r13,%rax), %rax
.LBE1012:
.LBE1015:
.LBE1018:
.LBE1044:
.LBB1045:
.LBB1041:
.LBB1038:
	.loc 1 234 14 view .LVU1473
	movl	$7, %ebx
.LBB1029:
.LBB1026:
	.loc 1 82 64 view .LVU1474
	movabsq	$4835703278458516699, %r13
.LBE1026:
.LBE1029:
.LBE1038:
.LBE1041:
.LBE1045:
.LBB1046:
.LBB1019:
.LBB1016:
.LBB1013:
	.loc 1 272 26 view .LVU1475
	movq	%rax, 40(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU1476
.LVL411:
	.loc 1 273 13 is_stmt 0 view .LVU1477
.LBE1013:
.LBE1016:
.LBE1019:
.LBE1046:
	.loc 7 109 5 is_stmt 1 view .LVU1478
.LBB1047:
.LBI1021:
	.loc 1 248 20 view .LVU1479
	.loc 1 249 5 view .LVU1480
.LBB1042:
.LBI1022:
	.loc 1 233 20 view .LVU1481
.LBB1039:
	.loc 1 234 5 view .LVU1482
.LBB1030:
.LBI1024:
	.loc 1 79 24 view .LVU1483
.LBB1027:
	.loc 1 80 5 view .LVU1484
	.loc 1 81 5 view .LVU1485
.LBE1027:
.LBE1030:
	.loc 1 234 14 is_stmt 0 view .LVU1486
	leaq	.LC43(%rip), %rbp
.LBB1031:
.LBB1028:
	.loc 1 81 11 view .LVU1487
	call	clock_gettime@PLT
.LVL412:
	.loc 1 82 5 is_stmt 1 view .LVU1488
	.loc 1 82 64 is_stmt 0 view .LVU1489
	movq	%r13, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1490
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1491
	shrq	$18, %rdx
.LBE1028:
.LBE1031:
	.loc 1 234 14 view .LVU1492
	leaq	120000(%rcx,%rdx), %r15
.LVL413:
	.loc 1 235 5 is_stmt 1 view .LVU1493
	.loc 1 235 23 view .LVU1494
	.p2align 4,,10
	.p2align 3
.L240:
.LBB1032:
	.loc 1 236 9 view .LVU1495
	.loc 1 236 24 is_stmt 0 view .LVU1496
	movl	4(%r12), %edi
	movq	%rbx, %rdx
	movq	%rbp, %rsi
	call	write@PLT
.LVL414:
	.loc 1 237 9 is_stmt 1 view .LVU1497
	.loc 1 237 12 is_stmt 0 view .LVU1498
	testq	%rax, %rax
	jle	.L247
	.loc 1 238 13 is_stmt 1 view .LVU1499
	.loc 1 238 43 is_stmt 0 view .LVU1500
	addq	%rax, %rbp
.LVL415:
	.loc 1 238 43 view .LVU1501
.LBE1032:
	.loc 1 235 23 is_stmt 1 view .LVU1502
	subq	%rax, %rbx
.LVL416:
	.loc 1 235 23 is_stmt 0 view .LVU1503
	jne	.L240
.LVL417:
.L249:
	.loc 1 235 23 view .LVU1504
.LBE1039:
.LBE1042:
.LBE1047:
	.loc 7 110 5 is_stmt 1 view .LVU1505
.LBB1048:
.LBB1049:
.LBB1050:
.LBB1051:
.LBB1052:
	.loc 1 81 11 is_stmt 0 view .LVU1506
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE1052:
.LBE1051:
.LBE1050:
.LBE1049:
.LBE1048:
	.loc 7 110 5 view .LVU1507
	movq	broker(%rip), %r15
.LVL418:
.LBB1078:
.LBI1048:
	.loc 1 282 20 is_stmt 1 view .LVU1508
	.loc 1 283 5 view .LVU1509
.LBB1075:
.LBI1049:
	.loc 1 266 20 view .LVU1510
.LBB1072:
	.loc 1 267 5 view .LVU1511
.LBB1055:
.LBI1051:
	.loc 1 79 24 view .LVU1512
.LBB1053:
	.loc 1 80 5 view .LVU1513
	.loc 1 81 5 view .LVU1514
	leaq	.LC69(%rip), %rbx
.LBE1053:
.LBE1055:
.LBB1056:
.LBB1057:
.LBB1058:
.LBB1059:
.LBB1060:
	.loc 1 135 11 is_stmt 0 view .LVU1515
	leaq	.LC26(%rip), %rbp
.LBE1060:
.LBE1059:
.LBE1058:
.LBE1057:
.LBE1056:
.LBB1067:
.LBB1054:
	.loc 1 81 11 view .LVU1516
	call	clock_gettime@PLT
.LVL419:
	.loc 1 82 5 is_stmt 1 view .LVU1517
	.loc 1 82 64 is_stmt 0 view .LVU1518
	movabsq	$4835703278458516699, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1519
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1520
	shrq	$18, %rdx
.LBE1054:
.LBE1067:
	.loc 1 267 14 view .LVU1521
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 16(%rsp)
.LVL420:
	.loc 1 267 14 view .LVU1522
	jmp	.L251
.LVL421:
	.p2align 4,,10
	.p2align 3
.L252:
.LBB1068:
	.loc 1 275 9 is_stmt 1 view .LVU1523
	.loc 1 275 12 is_stmt 0 view .LVU1524
	movl	8(%r15), %edx
	testl	%edx, %edx
	js	.L257
.LBB1064:
.LBI1064:
	.loc 1 79 24 is_stmt 1 view .LVU1525
.LBB1065:
	.loc 1 80 5 view .LVU1526
	.loc 1 81 5 view .LVU1527
	.loc 1 81 11 is_stmt 0 view .LVU1528
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL422:
	.loc 1 82 5 is_stmt 1 view .LVU1529
	.loc 1 82 64 is_stmt 0 view .LVU1530
	movabsq	$4835703278458516699, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1531
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1532
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1533
	addq	%rdx, %rcx
.LBE1065:
.LBE1064:
	.loc 1 275 28 view .LVU1534
	cmpq	%rcx, 16(%rsp)
	jnb	.L258
.L257:
	.loc 1 276 13 is_stmt 1 view .LVU1535
.LVL423:
.LBB1066:
.LBI1057:
	.loc 1 259 20 view .LVU1536
.LBB1063:
	.loc 1 260 5 view .LVU1537
	.loc 1 260 11 is_stmt 0 view .LVU1538
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL424:
	.loc 1 261 5 is_stmt 1 view .LVU1539
.LBB1062:
.LBI1059:
	.loc 1 134 20 view .LVU1540
.LBB1061:
	.loc 1 135 5 view .LVU1541
	.loc 1 135 11 is_stmt 0 view .LVU1542
	cmpq	$0, 72(%r15)
	movq	%rbp, %r9
	je	.L256
	movq	64(%r15), %r9
.L256:
	.loc 1 135 11 view .LVU1543
	cmpq	$0, 24(%r15)
	movq	%rbp, %r8
	je	.L259
	movq	16(%r15), %r8
.L259:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL425:
	.loc 1 135 11 view .LVU1544
.LBE1061:
.LBE1062:
	.loc 1 262 5 is_stmt 1 view .LVU1545
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL426:
.L258:
	.loc 1 262 5 is_stmt 0 view .LVU1546
.LBE1063:
.LBE1066:
	.loc 1 278 9 is_stmt 1 view .LVU1547
	.loc 1 278 15 is_stmt 0 view .LVU1548
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL427:
.LBE1068:
	.loc 1 268 5 is_stmt 1 view .LVU1549
.L251:
	.loc 1 268 5 view .LVU1550
.LBB1069:
	.loc 1 269 9 view .LVU1551
	.loc 1 269 76 is_stmt 0 view .LVU1552
	cmpq	$0, 24(%r15)
	je	.L252
	.loc 1 269 69 view .LVU1553
	movq	40(%r15), %r13
	.loc 1 269 76 view .LVU1554
	movq	16(%r15), %r12
	.loc 1 270 29 view .LVU1555
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1556
	addq	%r13, %r12
.LVL428:
	.loc 1 270 9 is_stmt 1 view .LVU1557
	.loc 1 270 29 is_stmt 0 view .LVU1558
	movq	%r12, %rdi
	call	strstr@PLT
.LVL429:
	.loc 1 271 9 is_stmt 1 view .LVU1559
	.loc 1 271 12 is_stmt 0 view .LVU1560
	testq	%rax, %rax
	je	.L252
	.loc 1 272 13 is_stmt 1 view .LVU1561
	.loc 1 272 44 is_stmt 0 view .LVU1562
	subq	%r12, %rax
.LVL430:
	.loc 1 272 44 view .LVU1563
.LBE1069:
.LBE1072:
.LBE1075:
.LBE1078:
.LBB1079:
.LBB1080:
.LBB1081:
.LBB1082:
.LBB1083:
	.loc 1 81 11 view .LVU1564
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE1083:
.LBE1082:
.LBE1081:
.LBE1080:
.LBE1079:
	.loc 7 111 5 view .LVU1565
	movq	broker(%rip), %r12
.LVL431:
.LBB1102:
.LBB1076:
.LBB1073:
.LBB1070:
	.loc 1 272 26 view .LVU1566
	leaq	25(%r13,%rax), %rax
.LBE1070:
.LBE1073:
.LBE1076:
.LBE1102:
.LBB1103:
.LBB1099:
.LBB1096:
	.loc 1 234 14 view .LVU1567
	movl	$5, %ebx
.LBB1087:
.LBB1084:
	.loc 1 82 64 view .LVU1568
	movabsq	$4835703278458516699, %r13
.LBE1084:
.LBE1087:
.LBE1096:
.LBE1099:
.LBE1103:
.LBB1104:
.LBB1077:
.LBB1074:
.LBB1071:
	.loc 1 272 26 view .LVU1569
	movq	%rax, 40(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU1570
.LVL432:
	.loc 1 273 13 is_stmt 0 view .LVU1571
.LBE1071:
.LBE1074:
.LBE1077:
.LBE1104:
	.loc 7 111 5 is_stmt 1 view .LVU1572
.LBB1105:
.LBI1079:
	.loc 1 248 20 view .LVU1573
	.loc 1 249 5 view .LVU1574
.LBB1100:
.LBI1080:
	.loc 1 233 20 view .LVU1575
.LBB1097:
	.loc 1 234 5 view .LVU1576
.LBB1088:
.LBI1082:
	.loc 1 79 24 view .LVU1577
.LBB1085:
	.loc 1 80 5 view .LVU1578
	.loc 1 81 5 view .LVU1579
.LBE1085:
.LBE1088:
	.loc 1 234 14 is_stmt 0 view .LVU1580
	leaq	.LC42(%rip), %rbp
.LBB1089:
.LBB1086:
	.loc 1 81 11 view .LVU1581
	call	clock_gettime@PLT
.LVL433:
	.loc 1 82 5 is_stmt 1 view .LVU1582
	.loc 1 82 64 is_stmt 0 view .LVU1583
	movq	%r13, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1584
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1585
	shrq	$18, %rdx
.LBE1086:
.LBE1089:
	.loc 1 234 14 view .LVU1586
	leaq	120000(%rcx,%rdx), %r15
.LVL434:
	.loc 1 235 5 is_stmt 1 view .LVU1587
	.loc 1 235 23 view .LVU1588
	.p2align 4,,10
	.p2align 3
.L253:
.LBB1090:
	.loc 1 236 9 view .LVU1589
	.loc 1 236 24 is_stmt 0 view .LVU1590
	movl	4(%r12), %edi
	movq	%rbx, %rdx
	movq	%rbp, %rsi
	call	write@PLT
.LVL435:
	.loc 1 237 9 is_stmt 1 view .LVU1591
	.loc 1 237 12 is_stmt 0 view .LVU1592
	testq	%rax, %rax
	jle	.L260
	.loc 1 238 13 is_stmt 1 view .LVU1593
	.loc 1 238 43 is_stmt 0 view .LVU1594
	addq	%rax, %rbp
.LVL436:
	.loc 1 238 43 view .LVU1595
.LBE1090:
	.loc 1 235 23 is_stmt 1 view .LVU1596
	subq	%rax, %rbx
.LVL437:
	.loc 1 235 23 is_stmt 0 view .LVU1597
	jne	.L253
.LVL438:
.L262:
	.loc 1 235 23 view .LVU1598
.LBE1097:
.LBE1100:
.LBE1105:
	.loc 7 112 5 is_stmt 1 view .LVU1599
.LBB1106:
.LBB1107:
.LBB1108:
.LBB1109:
.LBB1110:
	.loc 1 81 11 is_stmt 0 view .LVU1600
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE1110:
.LBE1109:
.LBE1108:
.LBE1107:
.LBE1106:
	.loc 7 112 5 view .LVU1601
	movq	broker(%rip), %r15
.LVL439:
.LBB1133:
.LBI1106:
	.loc 1 286 20 is_stmt 1 view .LVU1602
	.loc 1 287 5 view .LVU1603
.LBB1131:
.LBI1107:
	.loc 1 266 20 view .LVU1604
.LBB1129:
	.loc 1 267 5 view .LVU1605
.LBB1113:
.LBI1109:
	.loc 1 79 24 view .LVU1606
.LBB1111:
	.loc 1 80 5 view .LVU1607
	.loc 1 81 5 view .LVU1608
	leaq	.LC70(%rip), %rbx
.LBE1111:
.LBE1113:
.LBB1114:
.LBB1115:
.LBB1116:
.LBB1117:
.LBB1118:
	.loc 1 135 11 is_stmt 0 view .LVU1609
	leaq	.LC26(%rip), %rbp
.LBE1118:
.LBE1117:
.LBE1116:
.LBE1115:
.LBE1114:
.LBB1125:
.LBB1112:
	.loc 1 81 11 view .LVU1610
	call	clock_gettime@PLT
.LVL440:
	.loc 1 82 5 is_stmt 1 view .LVU1611
	.loc 1 82 64 is_stmt 0 view .LVU1612
	movabsq	$4835703278458516699, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1613
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1614
	shrq	$18, %rdx
.LBE1112:
.LBE1125:
	.loc 1 267 14 view .LVU1615
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 16(%rsp)
.LVL441:
	.loc 1 267 14 view .LVU1616
	jmp	.L264
.LVL442:
	.p2align 4,,10
	.p2align 3
.L265:
.LBB1126:
	.loc 1 275 9 is_stmt 1 view .LVU1617
	.loc 1 275 12 is_stmt 0 view .LVU1618
	movl	56(%r15), %eax
	testl	%eax, %eax
	js	.L269
.LBB1122:
.LBI1122:
	.loc 1 79 24 is_stmt 1 view .LVU1619
.LBB1123:
	.loc 1 80 5 view .LVU1620
	.loc 1 81 5 view .LVU1621
	.loc 1 81 11 is_stmt 0 view .LVU1622
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL443:
	.loc 1 82 5 is_stmt 1 view .LVU1623
	.loc 1 82 64 is_stmt 0 view .LVU1624
	movabsq	$4835703278458516699, %rax
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1625
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1626
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1627
	addq	%rdx, %rcx
.LBE1123:
.LBE1122:
	.loc 1 275 28 view .LVU1628
	cmpq	%rcx, 16(%rsp)
	jnb	.L270
.L269:
	.loc 1 276 13 is_stmt 1 view .LVU1629
.LVL444:
.LBB1124:
.LBI1115:
	.loc 1 259 20 view .LVU1630
.LBB1121:
	.loc 1 260 5 view .LVU1631
	.loc 1 260 11 is_stmt 0 view .LVU1632
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL445:
	.loc 1 261 5 is_stmt 1 view .LVU1633
.LBB1120:
.LBI1117:
	.loc 1 134 20 view .LVU1634
.LBB1119:
	.loc 1 135 5 view .LVU1635
	.loc 1 135 11 is_stmt 0 view .LVU1636
	cmpq	$0, 72(%r15)
	movq	%rbp, %r9
	je	.L268
	movq	64(%r15), %r9
.L268:
	.loc 1 135 11 view .LVU1637
	cmpq	$0, 24(%r15)
	movq	%rbp, %r8
	je	.L271
	movq	16(%r15), %r8
.L271:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL446:
	.loc 1 135 11 view .LVU1638
.LBE1119:
.LBE1120:
	.loc 1 262 5 is_stmt 1 view .LVU1639
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL447:
.L270:
	.loc 1 262 5 is_stmt 0 view .LVU1640
.LBE1121:
.LBE1124:
	.loc 1 278 9 is_stmt 1 view .LVU1641
	.loc 1 278 15 is_stmt 0 view .LVU1642
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL448:
.LBE1126:
	.loc 1 268 5 is_stmt 1 view .LVU1643
.L264:
	.loc 1 268 5 view .LVU1644
.LBB1127:
	.loc 1 269 9 view .LVU1645
	.loc 1 269 76 is_stmt 0 view .LVU1646
	cmpq	$0, 72(%r15)
	je	.L265
	.loc 1 269 69 view .LVU1647
	movq	88(%r15), %r13
	.loc 1 269 76 view .LVU1648
	movq	64(%r15), %r12
	.loc 1 270 29 view .LVU1649
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1650
	addq	%r13, %r12
.LVL449:
	.loc 1 270 9 is_stmt 1 view .LVU1651
	.loc 1 270 29 is_stmt 0 view .LVU1652
	movq	%r12, %rdi
	call	strstr@PLT
.LVL450:
	.loc 1 271 9 is_stmt 1 view .LVU1653
	.loc 1 271 12 is_stmt 0 view .LVU1654
	testq	%rax, %rax
	je	.L265
	.loc 1 272 13 is_stmt 1 view .LVU1655
	.loc 1 272 44 is_stmt 0 view .LVU1656
	subq	%r12, %rax
.LVL451:
	.loc 1 272 44 view .LVU1657
.LBE1127:
.LBE1129:
.LBE1131:
.LBE1133:
.LBB1134:
.LBB1135:
.LBB1136:
.LBB1137:
	.loc 1 305 5 view .LVU1658
	movq	48(%rsp), %rbx
	movl	$15, %esi
.LBE1137:
.LBE1136:
.LBE1135:
.LBE1134:
.LBB1141:
.LBB1132:
.LBB1130:
.LBB1128:
	.loc 1 272 26 view .LVU1659
	leaq	17(%r13,%rax), %rax
	movq	%rax, 88(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU1660
.LVL452:
	.loc 1 273 13 is_stmt 0 view .LVU1661
.LBE1128:
.LBE1130:
.LBE1132:
.LBE1141:
	.loc 7 113 5 is_stmt 1 view .LVU1662
.LBB1142:
.LBI1134:
	.loc 1 338 20 view .LVU1663
.LBB1140:
	.loc 1 339 5 view .LVU1664
.LBB1139:
.LBI1136:
	.loc 1 304 20 view .LVU1665
.LBB1138:
	.loc 1 305 5 view .LVU1666
	movl	(%rbx), %edi
	call	kill@PLT
.LVL453:
	xorl	%esi, %esi
	movl	$305, %ecx
	movq	%r14, %rdx
	movslq	%eax, %rdi
	call	_assert_int_equal@PLT
.LVL454:
	.loc 1 305 5 is_stmt 0 view .LVU1667
.LBE1138:
.LBE1139:
	.loc 1 340 5 is_stmt 1 view .LVU1668
	xorl	%esi, %esi
	movq	%rbx, %rdi
	call	process_assert_code
.LVL455:
	.loc 1 340 5 is_stmt 0 view .LVU1669
.LBE1140:
.LBE1142:
	.loc 7 114 5 is_stmt 1 view .LVU1670
	movq	40(%rsp), %rax
	movl	(%rax), %edi
	call	close@PLT
.LVL456:
	.loc 7 115 1 is_stmt 0 view .LVU1671
	movq	328(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L385
	addq	$344, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
.LVL457:
	.loc 7 115 1 view .LVU1672
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
	ret
.LVL458:
	.p2align 4,,10
	.p2align 3
.L208:
	.cfi_restore_state
.LBB1143:
.LBB873:
.LBB870:
.LBB867:
	.loc 1 239 16 is_stmt 1 view .LVU1673
	.loc 1 239 19 is_stmt 0 view .LVU1674
	je	.L211
	.loc 1 239 32 view .LVU1675
	call	__errno_location@PLT
.LVL459:
	.loc 1 239 32 view .LVU1676
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU1677
	cmpl	$4, %eax
	je	.L211
	cmpl	$11, %eax
	jne	.L210
.L211:
	.loc 1 242 13 is_stmt 1 view .LVU1678
	.loc 1 242 19 is_stmt 0 view .LVU1679
	movl	4(%r12), %edi
	movl	$1000, %esi
	call	process_pump.isra.0
.LVL460:
	.loc 1 243 13 is_stmt 1 view .LVU1680
.LBB863:
.LBI863:
	.loc 1 79 24 view .LVU1681
.LBB864:
	.loc 1 80 5 view .LVU1682
	.loc 1 81 5 view .LVU1683
	.loc 1 81 11 is_stmt 0 view .LVU1684
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL461:
	.loc 1 82 5 is_stmt 1 view .LVU1685
	.loc 1 82 64 is_stmt 0 view .LVU1686
	movq	%r13, %rax
.LBE864:
.LBE863:
	.loc 1 243 13 view .LVU1687
	xorl	%edi, %edi
	leaq	.LC34(%rip), %rsi
.LBB866:
.LBB865:
	.loc 1 82 64 view .LVU1688
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1689
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1690
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1691
	addq	%rdx, %rcx
.LBE865:
.LBE866:
	.loc 1 243 13 view .LVU1692
	movq	%r14, %rdx
	cmpq	%r15, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL462:
	.loc 1 243 13 view .LVU1693
.LBE867:
	.loc 1 235 23 is_stmt 1 view .LVU1694
	jmp	.L201
.LVL463:
	.p2align 4,,10
	.p2align 3
.L221:
	.loc 1 235 23 is_stmt 0 view .LVU1695
.LBE870:
.LBE873:
.LBE1143:
.LBB1144:
.LBB927:
.LBB924:
.LBB921:
	.loc 1 239 16 is_stmt 1 view .LVU1696
	.loc 1 239 19 is_stmt 0 view .LVU1697
	je	.L224
	.loc 1 239 32 view .LVU1698
	call	__errno_location@PLT
.LVL464:
	.loc 1 239 32 view .LVU1699
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU1700
	cmpl	$11, %eax
	je	.L224
	cmpl	$4, %eax
	jne	.L223
.L224:
	.loc 1 242 13 is_stmt 1 view .LVU1701
	.loc 1 242 19 is_stmt 0 view .LVU1702
	movl	4(%r12), %edi
	movl	$1000, %esi
	call	process_pump.isra.0
.LVL465:
	.loc 1 243 13 is_stmt 1 view .LVU1703
.LBB917:
.LBI917:
	.loc 1 79 24 view .LVU1704
.LBB918:
	.loc 1 80 5 view .LVU1705
	.loc 1 81 5 view .LVU1706
	.loc 1 81 11 is_stmt 0 view .LVU1707
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL466:
	.loc 1 82 5 is_stmt 1 view .LVU1708
	.loc 1 82 64 is_stmt 0 view .LVU1709
	movq	%r13, %rax
.LBE918:
.LBE917:
	.loc 1 243 13 view .LVU1710
	xorl	%edi, %edi
	leaq	.LC34(%rip), %rsi
.LBB920:
.LBB919:
	.loc 1 82 64 view .LVU1711
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1712
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1713
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1714
	addq	%rdx, %rcx
.LBE919:
.LBE920:
	.loc 1 243 13 view .LVU1715
	movq	%r14, %rdx
	cmpq	%r15, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL467:
	.loc 1 243 13 view .LVU1716
.LBE921:
	.loc 1 235 23 is_stmt 1 view .LVU1717
	jmp	.L214
.LVL468:
	.p2align 4,,10
	.p2align 3
.L171:
	.loc 1 235 23 is_stmt 0 view .LVU1718
.LBE924:
.LBE927:
.LBE1144:
.LBB1145:
.LBB715:
.LBB711:
.LBB707:
	.loc 1 239 16 is_stmt 1 view .LVU1719
	.loc 1 239 19 is_stmt 0 view .LVU1720
	je	.L174
	.loc 1 239 32 view .LVU1721
	call	__errno_location@PLT
.LVL469:
	.loc 1 239 32 view .LVU1722
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU1723
	cmpl	$11, %eax
	je	.L174
	cmpl	$4, %eax
	jne	.L173
.L174:
	.loc 1 242 13 is_stmt 1 view .LVU1724
	.loc 1 242 19 is_stmt 0 view .LVU1725
	movl	4(%r12), %edi
	movl	$1000, %esi
	call	process_pump.isra.0
.LVL470:
	.loc 1 243 13 is_stmt 1 view .LVU1726
.LBB703:
.LBI703:
	.loc 1 79 24 view .LVU1727
.LBB704:
	.loc 1 80 5 view .LVU1728
	.loc 1 81 5 view .LVU1729
	.loc 1 81 11 is_stmt 0 view .LVU1730
	movq	%r15, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL471:
	.loc 1 82 5 is_stmt 1 view .LVU1731
.LBE704:
.LBE703:
	.loc 1 243 13 is_stmt 0 view .LVU1732
	xorl	%edi, %edi
	leaq	.LC34(%rip), %rsi
.LBB706:
.LBB705:
	.loc 1 82 64 view .LVU1733
	movabsq	$4835703278458516699, %rax
	mulq	168(%rsp)
	.loc 1 82 33 view .LVU1734
	imulq	$1000, 160(%rsp), %rcx
	.loc 1 82 64 view .LVU1735
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1736
	addq	%rdx, %rcx
.LBE705:
.LBE706:
	.loc 1 243 13 view .LVU1737
	movq	%r14, %rdx
	cmpq	%r13, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL472:
	.loc 1 243 13 view .LVU1738
.LBE707:
	.loc 1 235 23 is_stmt 1 view .LVU1739
	jmp	.L163
.LVL473:
	.p2align 4,,10
	.p2align 3
.L247:
	.loc 1 235 23 is_stmt 0 view .LVU1740
.LBE711:
.LBE715:
.LBE1145:
.LBB1146:
.LBB1043:
.LBB1040:
.LBB1037:
	.loc 1 239 16 is_stmt 1 view .LVU1741
	.loc 1 239 19 is_stmt 0 view .LVU1742
	je	.L250
	.loc 1 239 32 view .LVU1743
	call	__errno_location@PLT
.LVL474:
	.loc 1 239 32 view .LVU1744
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU1745
	cmpl	$11, %eax
	je	.L250
	cmpl	$4, %eax
	jne	.L249
.L250:
	.loc 1 242 13 is_stmt 1 view .LVU1746
	.loc 1 242 19 is_stmt 0 view .LVU1747
	movl	4(%r12), %edi
	movl	$1000, %esi
	call	process_pump.isra.0
.LVL475:
	.loc 1 243 13 is_stmt 1 view .LVU1748
.LBB1033:
.LBI1033:
	.loc 1 79 24 view .LVU1749
.LBB1034:
	.loc 1 80 5 view .LVU1750
	.loc 1 81 5 view .LVU1751
	.loc 1 81 11 is_stmt 0 view .LVU1752
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL476:
	.loc 1 82 5 is_stmt 1 view .LVU1753
	.loc 1 82 64 is_stmt 0 view .LVU1754
	movq	%r13, %rax
.LBE1034:
.LBE1033:
	.loc 1 243 13 view .LVU1755
	xorl	%edi, %edi
	leaq	.LC34(%rip), %rsi
.LBB1036:
.LBB1035:
	.loc 1 82 64 view .LVU1756
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1757
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1758
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1759
	addq	%rdx, %rcx
.LBE1035:
.LBE1036:
	.loc 1 243 13 view .LVU1760
	movq	%r14, %rdx
	cmpq	%r15, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL477:
	.loc 1 243 13 view .LVU1761
.LBE1037:
	.loc 1 235 23 is_stmt 1 view .LVU1762
	jmp	.L240
.LVL478:
	.p2align 4,,10
	.p2align 3
.L260:
	.loc 1 235 23 is_stmt 0 view .LVU1763
.LBE1040:
.LBE1043:
.LBE1146:
.LBB1147:
.LBB1101:
.LBB1098:
.LBB1095:
	.loc 1 239 16 is_stmt 1 view .LVU1764
	.loc 1 239 19 is_stmt 0 view .LVU1765
	je	.L263
	.loc 1 239 32 view .LVU1766
	call	__errno_location@PLT
.LVL479:
	.loc 1 239 32 view .LVU1767
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU1768
	cmpl	$4, %eax
	je	.L263
	cmpl	$11, %eax
	jne	.L262
.L263:
	.loc 1 242 13 is_stmt 1 view .LVU1769
	.loc 1 242 19 is_stmt 0 view .LVU1770
	movl	4(%r12), %edi
	movl	$1000, %esi
	call	process_pump.isra.0
.LVL480:
	.loc 1 243 13 is_stmt 1 view .LVU1771
.LBB1091:
.LBI1091:
	.loc 1 79 24 view .LVU1772
.LBB1092:
	.loc 1 80 5 view .LVU1773
	.loc 1 81 5 view .LVU1774
	.loc 1 81 11 is_stmt 0 view .LVU1775
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL481:
	.loc 1 82 5 is_stmt 1 view .LVU1776
	.loc 1 82 64 is_stmt 0 view .LVU1777
	movq	%r13, %rax
.LBE1092:
.LBE1091:
	.loc 1 243 13 view .LVU1778
	xorl	%edi, %edi
	leaq	.LC34(%rip), %rsi
.LBB1094:
.LBB1093:
	.loc 1 82 64 view .LVU1779
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1780
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1781
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1782
	addq	%rdx, %rcx
.LBE1093:
.LBE1094:
	.loc 1 243 13 view .LVU1783
	movq	%r14, %rdx
	cmpq	%r15, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL482:
	.loc 1 243 13 view .LVU1784
.LBE1095:
	.loc 1 235 23 is_stmt 1 view .LVU1785
	jmp	.L253
.LVL483:
	.p2align 4,,10
	.p2align 3
.L234:
	.loc 1 235 23 is_stmt 0 view .LVU1786
.LBE1098:
.LBE1101:
.LBE1147:
.LBB1148:
.LBB985:
.LBB982:
.LBB979:
	.loc 1 239 16 is_stmt 1 view .LVU1787
	.loc 1 239 19 is_stmt 0 view .LVU1788
	je	.L237
	.loc 1 239 32 view .LVU1789
	call	__errno_location@PLT
.LVL484:
	.loc 1 239 32 view .LVU1790
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU1791
	cmpl	$4, %eax
	je	.L237
	cmpl	$11, %eax
	jne	.L236
.L237:
	.loc 1 242 13 is_stmt 1 view .LVU1792
	.loc 1 242 19 is_stmt 0 view .LVU1793
	movl	4(%r12), %edi
	movl	$1000, %esi
	call	process_pump.isra.0
.LVL485:
	.loc 1 243 13 is_stmt 1 view .LVU1794
.LBB975:
.LBI975:
	.loc 1 79 24 view .LVU1795
.LBB976:
	.loc 1 80 5 view .LVU1796
	.loc 1 81 5 view .LVU1797
	.loc 1 81 11 is_stmt 0 view .LVU1798
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL486:
	.loc 1 82 5 is_stmt 1 view .LVU1799
	.loc 1 82 64 is_stmt 0 view .LVU1800
	movq	%r13, %rax
.LBE976:
.LBE975:
	.loc 1 243 13 view .LVU1801
	xorl	%edi, %edi
	leaq	.LC34(%rip), %rsi
.LBB978:
.LBB977:
	.loc 1 82 64 view .LVU1802
	mulq	120(%rsp)
	.loc 1 82 33 view .LVU1803
	imulq	$1000, 112(%rsp), %rcx
	.loc 1 82 64 view .LVU1804
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1805
	addq	%rdx, %rcx
.LBE977:
.LBE978:
	.loc 1 243 13 view .LVU1806
	movq	%r14, %rdx
	cmpq	%r15, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL487:
	.loc 1 243 13 view .LVU1807
.LBE979:
	.loc 1 235 23 is_stmt 1 view .LVU1808
	jmp	.L227
.LVL488:
	.p2align 4,,10
	.p2align 3
.L384:
	.loc 1 235 23 is_stmt 0 view .LVU1809
.LBE982:
.LBE985:
.LBE1148:
.LBB1149:
.LBB656:
.LBB653:
.LBB650:
.LBB645:
.LBB644:
.LBB643:
.LBB640:
.LBB636:
.LBB634:
.LBB632:
	.loc 1 135 11 view .LVU1810
	cmpq	$0, 24(%r15)
	movq	64(%r15), %r9
	leaq	.LC26(%rip), %r8
	je	.L156
	jmp	.L386
.LVL489:
	.p2align 4,,10
	.p2align 3
.L383:
	.loc 1 135 11 view .LVU1811
.LBE632:
.LBE634:
.LBE636:
.LBE640:
	.loc 1 272 44 view .LVU1812
	movq	%r13, %rcx
	movq	%rbx, %r13
.LVL490:
	.loc 1 272 44 view .LVU1813
	movq	%r15, %rbx
	movq	104(%rsp), %r15
.LVL491:
	.loc 1 272 13 is_stmt 1 view .LVU1814
	.loc 1 272 44 is_stmt 0 view .LVU1815
	subq	%rcx, %rax
.LVL492:
	.loc 1 272 26 view .LVU1816
	leaq	13(%r13,%rax), %rax
	movq	%rax, 88(%rbx)
	.loc 1 273 13 is_stmt 1 view .LVU1817
	jmp	.L149
.LVL493:
.L385:
	.loc 1 273 13 is_stmt 0 view .LVU1818
.LBE643:
.LBE644:
.LBE645:
.LBE650:
.LBE653:
.LBE656:
.LBE1149:
	.loc 7 115 1 view .LVU1819
	call	__stack_chk_fail@PLT
.LVL494:
	.cfi_endproc
.LFE125:
	.size	packets_are_held_listed_and_stepped_in_order_of_both_doors, .-packets_are_held_listed_and_stepped_in_order_of_both_doors
	.section	.rodata.str1.1
.LC71:
	.string	"--fault"
.LC72:
	.string	"refuse CONNECT 1 from alice"
	.text
	.p2align 4
	.type	a_refused_client_is_not_seen_by_the_broker, @function
a_refused_client_is_not_seen_by_the_broker:
.LVL495:
.LFB129:
	.loc 7 175 70 is_stmt 1 view -0
	.cfi_startproc
	.loc 7 175 70 is_stmt 0 view .LVU1821
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
.LBB1186:
	.loc 7 177 5 view .LVU1822
	pxor	%xmm0, %xmm0
	leaq	.LC52(%rip), %rcx
	leaq	.LC53(%rip), %rdx
.LBE1186:
	.loc 7 175 70 view .LVU1823
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	leaq	.LC58(%rip), %rbp
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	subq	$984, %rsp
	.cfi_def_cfa_offset 1040
	.loc 7 175 70 view .LVU1824
	movq	%fs:40, %rax
	movq	%rax, 968(%rsp)
	xorl	%eax, %eax
	.loc 7 176 5 is_stmt 1 view .LVU1825
	.loc 7 177 5 view .LVU1826
.LBB1246:
	.loc 7 177 5 view .LVU1827
	movq	process_folder(%rip), %rax
	movaps	%xmm0, 352(%rsp)
	movq	%rcx, %xmm0
	leaq	.LC55(%rip), %rcx
	leaq	336(%rsp), %r12
	movq	$0, 952(%rsp)
	movq	%rax, 336(%rsp)
	leaq	.LC44(%rip), %rax
	leaq	896(%rsp), %r14
	movq	%r12, %rdi
.LVL496:
	.loc 7 177 5 is_stmt 0 view .LVU1828
	movq	%rax, %xmm1
	leaq	.LC54(%rip), %rax
	movq	%r14, 344(%rsp)
	punpcklqdq	%xmm1, %xmm0
	movq	%rax, %xmm2
	leaq	.LC71(%rip), %rax
	movaps	%xmm0, 896(%rsp)
	movq	%rdx, %xmm0
	movq	%rax, %xmm3
	leaq	.LC72(%rip), %rax
	punpcklqdq	%xmm2, %xmm0
	movq	%rax, 944(%rsp)
	movaps	%xmm0, 912(%rsp)
	movq	%rcx, %xmm0
	punpcklqdq	%xmm3, %xmm0
	movaps	%xmm0, 928(%rsp)
	call	process_start_with
.LVL497:
.LBB1187:
.LBB1188:
.LBB1189:
.LBB1190:
	.loc 1 349 44 view .LVU1829
	cmpq	$0, 72(%rax)
.LBE1190:
.LBE1189:
.LBE1188:
.LBE1187:
	.loc 7 177 5 view .LVU1830
	movq	%rax, broker(%rip)
	.loc 7 177 5 is_stmt 1 view .LVU1831
.LVL498:
.LBB1242:
.LBI1187:
	.loc 2 66 24 view .LVU1832
.LBB1238:
	.loc 2 67 5 view .LVU1833
.LBB1193:
.LBI1189:
	.loc 1 348 27 view .LVU1834
.LBB1191:
	.loc 1 349 5 view .LVU1835
.LBE1191:
.LBE1193:
.LBE1238:
.LBE1242:
	.loc 7 177 5 is_stmt 0 view .LVU1836
	movq	%rax, %rbx
.LBB1243:
.LBB1239:
.LBB1194:
.LBB1192:
	.loc 1 349 44 view .LVU1837
	jne	.L427
.LVL499:
.L388:
	.loc 1 349 44 view .LVU1838
.LBE1192:
.LBE1194:
	.loc 2 68 9 is_stmt 1 view .LVU1839
.LBB1195:
.LBI1195:
	.loc 1 286 20 view .LVU1840
	.loc 1 287 5 view .LVU1841
.LBB1196:
.LBI1196:
	.loc 1 266 20 view .LVU1842
.LBB1197:
	.loc 1 267 5 view .LVU1843
.LBB1198:
.LBI1198:
	.loc 1 79 24 view .LVU1844
.LBB1199:
	.loc 1 80 5 view .LVU1845
	.loc 1 81 5 view .LVU1846
	.loc 1 81 11 is_stmt 0 view .LVU1847
	leaq	16(%rsp), %r13
	movl	$1, %edi
	movq	%r13, %rsi
	call	clock_gettime@PLT
.LVL500:
	.loc 1 82 5 is_stmt 1 view .LVU1848
.LBE1199:
.LBE1198:
.LBB1202:
.LBB1203:
.LBB1204:
.LBB1205:
.LBB1206:
	.loc 1 135 11 is_stmt 0 view .LVU1849
	movq	%r14, (%rsp)
.LBE1206:
.LBE1205:
.LBE1204:
.LBE1203:
.LBE1202:
.LBB1225:
.LBB1200:
	.loc 1 82 64 view .LVU1850
	movabsq	$4835703278458516699, %rax
	mulq	24(%rsp)
	.loc 1 82 33 view .LVU1851
	imulq	$1000, 16(%rsp), %rcx
.LBE1200:
.LBE1225:
.LBB1226:
.LBB1219:
.LBB1215:
.LBB1211:
.LBB1207:
	.loc 1 135 11 view .LVU1852
	movq	%r12, 8(%rsp)
	movq	%rbx, %r12
.LBE1207:
.LBE1211:
.LBE1215:
.LBE1219:
.LBE1226:
.LBB1227:
.LBB1201:
	.loc 1 82 64 view .LVU1853
	shrq	$18, %rdx
.LBE1201:
.LBE1227:
	.loc 1 267 14 view .LVU1854
	leaq	120000(%rcx,%rdx), %rax
.LVL501:
.LBB1228:
.LBB1220:
.LBB1216:
.LBB1212:
.LBB1208:
	.loc 1 135 11 view .LVU1855
	movq	%rax, %rbx
.LVL502:
	.p2align 4,,10
	.p2align 3
.L397:
	.loc 1 135 11 view .LVU1856
.LBE1208:
.LBE1212:
.LBE1216:
.LBE1220:
.LBE1228:
	.loc 1 268 5 is_stmt 1 view .LVU1857
.LBB1229:
	.loc 1 269 9 view .LVU1858
	.loc 1 269 76 is_stmt 0 view .LVU1859
	cmpq	$0, 72(%r12)
	je	.L390
	.loc 1 269 69 view .LVU1860
	movq	88(%r12), %r14
	.loc 1 269 76 view .LVU1861
	movq	64(%r12), %r15
	.loc 1 270 29 view .LVU1862
	movq	%rbp, %rsi
	.loc 1 269 76 view .LVU1863
	addq	%r14, %r15
.LVL503:
	.loc 1 270 9 is_stmt 1 view .LVU1864
	.loc 1 270 29 is_stmt 0 view .LVU1865
	movq	%r15, %rdi
	call	strstr@PLT
.LVL504:
	.loc 1 271 9 is_stmt 1 view .LVU1866
	.loc 1 271 12 is_stmt 0 view .LVU1867
	testq	%rax, %rax
	jne	.L428
.LVL505:
.L390:
	.loc 1 275 9 is_stmt 1 view .LVU1868
	.loc 1 275 12 is_stmt 0 view .LVU1869
	movl	56(%r12), %edx
	testl	%edx, %edx
	js	.L394
.LBB1221:
.LBI1221:
	.loc 1 79 24 is_stmt 1 view .LVU1870
.LBB1222:
	.loc 1 80 5 view .LVU1871
	.loc 1 81 5 view .LVU1872
	.loc 1 81 11 is_stmt 0 view .LVU1873
	movq	%r13, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL506:
	.loc 1 82 5 is_stmt 1 view .LVU1874
	.loc 1 82 64 is_stmt 0 view .LVU1875
	movabsq	$4835703278458516699, %rax
	mulq	24(%rsp)
	.loc 1 82 33 view .LVU1876
	imulq	$1000, 16(%rsp), %rcx
	.loc 1 82 64 view .LVU1877
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1878
	addq	%rdx, %rcx
.LBE1222:
.LBE1221:
	.loc 1 275 28 view .LVU1879
	cmpq	%rcx, %rbx
	jnb	.L395
.L394:
	.loc 1 276 13 is_stmt 1 view .LVU1880
.LVL507:
.LBB1223:
.LBI1203:
	.loc 1 259 20 view .LVU1881
.LBB1217:
	.loc 1 260 5 view .LVU1882
	.loc 1 260 11 is_stmt 0 view .LVU1883
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbp, %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL508:
	.loc 1 261 5 is_stmt 1 view .LVU1884
.LBB1213:
.LBI1205:
	.loc 1 134 20 view .LVU1885
.LBB1209:
	.loc 1 135 5 view .LVU1886
	.loc 1 135 11 is_stmt 0 view .LVU1887
	cmpq	$0, 72(%r12)
	leaq	.LC26(%rip), %r9
	jne	.L429
	cmpq	$0, 24(%r12)
	leaq	.LC26(%rip), %r8
	je	.L396
.L432:
	.loc 1 135 11 view .LVU1888
	movq	16(%r12), %r8
.L396:
	.loc 1 135 11 view .LVU1889
	movq	stderr(%rip), %rdi
	movl	(%r12), %ecx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r12), %rdx
	call	fprintf@PLT
.LVL509:
	.loc 1 135 11 view .LVU1890
.LBE1209:
.LBE1213:
	.loc 1 262 5 is_stmt 1 view .LVU1891
	movl	$262, %esi
	leaq	.LC11(%rip), %rdi
	call	_fail@PLT
.LVL510:
.L395:
	.loc 1 262 5 is_stmt 0 view .LVU1892
.LBE1217:
.LBE1223:
	.loc 1 278 9 is_stmt 1 view .LVU1893
	.loc 1 278 15 is_stmt 0 view .LVU1894
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL511:
.LBE1229:
	.loc 1 268 5 is_stmt 1 view .LVU1895
	.loc 1 268 14 is_stmt 0 view .LVU1896
	jmp	.L397
.LVL512:
	.p2align 4,,10
	.p2align 3
.L427:
	.loc 1 268 14 view .LVU1897
.LBE1197:
.LBE1196:
.LBE1195:
	.loc 2 67 9 view .LVU1898
	leaq	.LC58(%rip), %rbp
	movq	64(%rax), %rdi
	movq	%rbp, %rsi
	call	strstr@PLT
.LVL513:
	.loc 2 67 8 view .LVU1899
	testq	%rax, %rax
	je	.L388
	leaq	16(%rsp), %r13
.L389:
	.loc 2 70 5 is_stmt 1 view .LVU1900
	.loc 2 70 11 is_stmt 0 view .LVU1901
	xorl	%esi, %esi
	jmp	.L426
.LVL514:
	.p2align 4,,10
	.p2align 3
.L401:
	.loc 2 73 9 is_stmt 1 view .LVU1902
	.loc 2 73 15 is_stmt 0 view .LVU1903
	movl	$1000, %esi
.LVL515:
.L426:
	.loc 2 73 15 view .LVU1904
	movl	$-1, %edi
.LBB1233:
.LBB1234:
	movl	$13, %r15d
.LBE1234:
.LBE1233:
	call	process_pump.isra.0
.LVL516:
	.loc 2 74 9 is_stmt 1 view .LVU1905
.LBB1236:
.LBI1233:
	.loc 1 348 27 view .LVU1906
.LBB1235:
	.loc 1 349 5 view .LVU1907
	.loc 1 349 44 is_stmt 0 view .LVU1908
	cmpq	$0, 72(%rbx)
	je	.L399
.LBE1235:
.LBE1236:
	.loc 2 74 14 view .LVU1909
	movq	64(%rbx), %rdi
	movq	%rbp, %rsi
	call	strstr@PLT
.LVL517:
	.loc 2 74 12 view .LVU1910
	leaq	13(%rax), %r15
.LVL518:
.L399:
	.loc 2 72 28 is_stmt 1 view .LVU1911
	.loc 2 72 12 is_stmt 0 view .LVU1912
	movl	$32, %esi
	movq	%r15, %rdi
	call	strchr@PLT
.LVL519:
	.loc 2 72 28 view .LVU1913
	testq	%rax, %rax
	je	.L401
	.loc 2 76 5 is_stmt 1 view .LVU1914
	.loc 2 76 22 is_stmt 0 view .LVU1915
	movq	%r15, %rdi
	movl	$10, %edx
	xorl	%esi, %esi
	call	strtoul@PLT
.LVL520:
.LBE1239:
.LBE1243:
.LBE1246:
.LBB1247:
.LBB1248:
	.loc 5 36 14 view .LVU1916
	xorl	%edx, %edx
	movl	$524289, %esi
	movl	$2, %edi
.LBE1248:
.LBE1247:
.LBB1255:
.LBB1244:
.LBB1240:
	.loc 2 76 22 view .LVU1917
	movq	%rax, %rbp
.LVL521:
	.loc 2 76 22 view .LVU1918
.LBE1240:
.LBE1244:
	.loc 7 177 5 view .LVU1919
	movw	%ax, port(%rip)
.LBE1255:
	.loc 7 177 5 is_stmt 1 view .LVU1920
	.loc 7 178 5 view .LVU1921
.LVL522:
	.loc 7 179 5 view .LVU1922
	.loc 7 181 5 view .LVU1923
.LBB1256:
.LBI1247:
	.loc 5 35 19 view .LVU1924
.LBB1253:
	.loc 5 36 5 view .LVU1925
	.loc 5 36 14 is_stmt 0 view .LVU1926
	call	socket@PLT
.LVL523:
.LBB1249:
.LBB1250:
	.loc 8 37 10 view .LVU1927
	rolw	$8, %bp
.LVL524:
	.loc 8 37 10 view .LVU1928
.LBE1250:
.LBE1249:
	.loc 5 40 5 view .LVU1929
	movl	$40, %ecx
	leaq	.LC39(%rip), %rsi
	.loc 5 36 14 view .LVU1930
	movslq	%eax, %rdi
	.loc 5 37 24 view .LVU1931
	movl	$2, %eax
	movw	%bp, 898(%rsp)
	.loc 5 40 5 view .LVU1932
	leaq	.LC33(%rip), %rbp
	.loc 5 36 14 view .LVU1933
	movq	%rdi, %rbx
.LVL525:
	.loc 5 37 5 is_stmt 1 view .LVU1934
	.loc 5 40 5 is_stmt 0 view .LVU1935
	notq	%rdi
.LVL526:
	.loc 5 40 5 view .LVU1936
	movq	%rbp, %rdx
	.loc 5 37 24 view .LVU1937
	movw	%ax, 896(%rsp)
.LBB1252:
.LBI1249:
	.loc 8 34 1 is_stmt 1 view .LVU1938
.LBB1251:
	.loc 8 37 3 view .LVU1939
.LBE1251:
.LBE1252:
	.loc 5 37 24 is_stmt 0 view .LVU1940
	movq	$0, 904(%rsp)
	.loc 5 40 5 view .LVU1941
	shrq	$63, %rdi
	.loc 5 37 24 view .LVU1942
	movl	$16777343, 900(%rsp)
	.loc 5 39 5 is_stmt 1 view .LVU1943
	.loc 5 39 9 is_stmt 0 view .LVU1944
	movl	$1, 336(%rsp)
	.loc 5 40 5 is_stmt 1 view .LVU1945
	call	_assert_true@PLT
.LVL527:
	.loc 5 41 5 view .LVU1946
	movq	%r14, %rsi
	movl	%ebx, %edi
	movl	$16, %edx
	call	connect@PLT
.LVL528:
	movq	%rbp, %rdx
	movl	$41, %ecx
	xorl	%esi, %esi
	movslq	%eax, %rdi
.LBE1253:
.LBE1256:
.LBB1257:
.LBB1258:
	.loc 2 145 24 is_stmt 0 view .LVU1947
	leaq	.LC59(%rip), %rbp
.LBE1258:
.LBE1257:
.LBB1275:
.LBB1254:
	.loc 5 41 5 view .LVU1948
	call	_assert_int_equal@PLT
.LVL529:
	.loc 5 42 5 is_stmt 1 view .LVU1949
	.loc 5 42 11 is_stmt 0 view .LVU1950
	movl	$4, %r8d
	movl	%ebx, %edi
	movq	%r12, %rcx
	movl	$1, %edx
	movl	$6, %esi
	call	setsockopt@PLT
.LVL530:
	.loc 5 43 5 is_stmt 1 view .LVU1951
	.loc 5 43 5 is_stmt 0 view .LVU1952
.LBE1254:
.LBE1275:
.LBB1276:
.LBB1271:
	.loc 2 145 24 view .LVU1953
	xorl	%eax, %eax
	movl	$69, %ecx
	movq	%r12, %rdi
	rep stosq
.LBE1271:
.LBE1276:
	.loc 7 179 25 view .LVU1954
	movq	%r13, %rdi
	movl	$40, %ecx
.LBB1277:
.LBB1272:
	.loc 2 145 24 view .LVU1955
	movl	$1, 336(%rsp)
.LBE1272:
.LBE1277:
	.loc 7 179 25 view .LVU1956
	rep stosq
.LBB1278:
.LBB1273:
	.loc 2 145 24 view .LVU1957
	leaq	16(%rsp), %rsi
	movl	$65541, 16(%rsp)
	leaq	344(%rsp), %rdi
	movq	%rbp, 32(%rsp)
	movl	$40, %ecx
	movq	$5, 40(%rsp)
	rep movsq
.LBB1259:
.LBB1260:
	.loc 2 105 19 view .LVU1958
	movl	$5, %esi
	movq	%r12, %rdi
.LBE1260:
.LBE1259:
.LBE1273:
.LBE1278:
	.loc 7 181 14 view .LVU1959
	movl	%ebx, mqtt_hands(%rip)
	.loc 7 182 5 is_stmt 1 view .LVU1960
.LVL531:
.LBB1279:
.LBI1257:
	.loc 2 144 19 view .LVU1961
.LBB1274:
	.loc 2 145 5 view .LVU1962
	.loc 2 146 5 view .LVU1963
	.loc 2 146 19 is_stmt 0 view .LVU1964
	movl	$5, 4+mqtt_hands(%rip)
	.loc 2 147 5 is_stmt 1 view .LVU1965
.LVL532:
.LBB1269:
.LBI1259:
	.loc 2 104 20 view .LVU1966
.LBB1267:
	.loc 2 105 5 view .LVU1967
	.loc 2 105 19 is_stmt 0 view .LVU1968
	call	mqtt_encoded_size@PLT
.LVL533:
	.loc 2 106 22 view .LVU1969
	movq	%rax, %rdi
	.loc 2 105 19 view .LVU1970
	movq	%rax, %r14
.LVL534:
	.loc 2 106 5 is_stmt 1 view .LVU1971
	.loc 2 106 22 is_stmt 0 view .LVU1972
	call	malloc@PLT
.LVL535:
	.loc 2 107 5 view .LVU1973
	movl	$107, %ecx
	leaq	.LC31(%rip), %rdx
	leaq	.LC38(%rip), %rsi
	movq	%rax, %rdi
	.loc 2 106 22 view .LVU1974
	movq	%rax, %rbx
.LVL536:
	.loc 2 107 5 is_stmt 1 view .LVU1975
	call	_assert_true@PLT
.LVL537:
	.loc 2 108 5 view .LVU1976
	.loc 2 108 11 is_stmt 0 view .LVU1977
	movq	%rbx, %rdx
	movq	%r12, %rdi
.LBB1261:
.LBB1262:
	.loc 5 48 23 view .LVU1978
	movq	%rbx, %r15
.LBE1262:
.LBE1261:
	.loc 2 108 11 view .LVU1979
	movl	4+mqtt_hands(%rip), %esi
	call	mqtt_encode@PLT
.LVL538:
	.loc 2 109 5 is_stmt 1 view .LVU1980
	movl	mqtt_hands(%rip), %r13d
.LVL539:
.LBB1266:
.LBI1261:
	.loc 5 47 20 view .LVU1981
.LBB1265:
	.loc 5 48 5 view .LVU1982
	.loc 5 48 23 view .LVU1983
	testq	%r14, %r14
	jne	.L402
	jmp	.L405
.LVL540:
	.p2align 4,,10
	.p2align 3
.L430:
.LBB1263:
	.loc 5 53 9 view .LVU1984
	.loc 5 53 39 is_stmt 0 view .LVU1985
	addq	%rax, %r15
.LVL541:
	.loc 5 53 39 view .LVU1986
.LBE1263:
	.loc 5 48 23 is_stmt 1 view .LVU1987
	subq	%rax, %r14
.LVL542:
	.loc 5 48 23 is_stmt 0 view .LVU1988
	je	.L405
.LVL543:
.L402:
.LBB1264:
	.loc 5 49 9 is_stmt 1 view .LVU1989
	.loc 5 49 24 is_stmt 0 view .LVU1990
	movl	$16384, %ecx
	movq	%r14, %rdx
	movq	%r15, %rsi
	movl	%r13d, %edi
	call	send@PLT
.LVL544:
	.loc 5 50 9 is_stmt 1 view .LVU1991
	.loc 5 50 12 is_stmt 0 view .LVU1992
	testq	%rax, %rax
	jg	.L430
.LVL545:
.L405:
	.loc 5 50 12 view .LVU1993
.LBE1264:
.LBE1265:
.LBE1266:
	.loc 2 110 5 is_stmt 1 view .LVU1994
	movq	%rbx, %rdi
.LBE1267:
.LBE1269:
	.loc 2 148 10 is_stmt 0 view .LVU1995
	leaq	mqtt_hands(%rip), %rbx
.LVL546:
.LBB1270:
.LBB1268:
	.loc 2 110 5 view .LVU1996
	call	free@PLT
.LVL547:
	.loc 2 110 5 view .LVU1997
.LBE1268:
.LBE1270:
	.loc 2 148 5 is_stmt 1 view .LVU1998
	.loc 2 148 10 is_stmt 0 view .LVU1999
	movq	%rbx, %rdi
	movq	%r12, %rsi
	call	mqtt_hand_take
.LVL548:
	movq	$-1, %rdi
	.loc 2 148 8 view .LVU2000
	testb	%al, %al
	je	.L404
	.loc 2 151 5 is_stmt 1 view .LVU2001
	movl	336(%rsp), %edi
	movl	$151, %ecx
	movl	$2, %esi
	leaq	.LC31(%rip), %rdx
	call	_assert_int_equal@PLT
.LVL549:
	.loc 2 152 5 view .LVU2002
.LBE1274:
.LBE1279:
	.loc 7 182 5 is_stmt 0 view .LVU2003
	movzbl	342(%rsp), %edi
.L404:
.LVL550:
	.loc 7 182 5 view .LVU2004
	movl	$182, %ecx
	leaq	.LC35(%rip), %rdx
	movl	$136, %esi
	call	_assert_int_equal@PLT
.LVL551:
	.loc 7 183 5 is_stmt 1 view .LVU2005
	movq	%rbx, %rdi
	call	assert_ends
.LVL552:
	.loc 7 184 5 view .LVU2006
	.loc 7 184 12 is_stmt 0 view .LVU2007
	movl	$5, %edx
	xorl	%edi, %edi
	movq	%rbp, %rcx
	movzwl	port(%rip), %esi
	call	mqtt_hand_connect
.LVL553:
	.loc 7 185 5 is_stmt 1 view .LVU2008
	movq	968(%rsp), %rdx
	subq	%fs:40, %rdx
	jne	.L431
	movl	(%rax), %edi
	.loc 7 186 1 is_stmt 0 view .LVU2009
	addq	$984, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
	.loc 7 185 5 view .LVU2010
	jmp	close@PLT
.LVL554:
	.p2align 4,,10
	.p2align 3
.L429:
	.cfi_restore_state
.LBB1280:
.LBB1245:
.LBB1241:
.LBB1237:
.LBB1232:
.LBB1231:
.LBB1230:
.LBB1224:
.LBB1218:
.LBB1214:
.LBB1210:
	.loc 1 135 11 view .LVU2011
	cmpq	$0, 24(%r12)
	movq	64(%r12), %r9
	leaq	.LC26(%rip), %r8
	je	.L396
	jmp	.L432
.LVL555:
	.p2align 4,,10
	.p2align 3
.L428:
	.loc 1 135 11 view .LVU2012
.LBE1210:
.LBE1214:
.LBE1218:
.LBE1224:
	.loc 1 272 44 view .LVU2013
	movq	%r15, %rcx
	movq	%r14, %r15
.LVL556:
	.loc 1 272 44 view .LVU2014
	movq	%r12, %rbx
.LVL557:
	.loc 1 272 44 view .LVU2015
	movq	(%rsp), %r14
	subq	%rcx, %rax
.LVL558:
	.loc 1 272 44 view .LVU2016
	movq	8(%rsp), %r12
.LVL559:
	.loc 1 272 13 is_stmt 1 view .LVU2017
	.loc 1 272 26 is_stmt 0 view .LVU2018
	leaq	13(%r15,%rax), %rax
	movq	%rax, 88(%rbx)
	.loc 1 273 13 is_stmt 1 view .LVU2019
	jmp	.L389
.LVL560:
.L431:
	.loc 1 273 13 is_stmt 0 view .LVU2020
.LBE1230:
.LBE1231:
.LBE1232:
.LBE1237:
.LBE1241:
.LBE1245:
.LBE1280:
	.loc 7 185 5 view .LVU2021
	call	__stack_chk_fail@PLT
.LVL561:
	.loc 7 185 5 view .LVU2022
	.cfi_endproc
.LFE129:
	.size	a_refused_client_is_not_seen_by_the_broker, .-a_refused_client_is_not_seen_by_the_broker
	.section	.rodata.str1.1
.LC73:
	.string	"load"
.LC74:
	.string	"--port"
.LC75:
	.string	"--publishers"
.LC76:
	.string	"8"
.LC77:
	.string	"--subscribers"
.LC78:
	.string	"--qos"
.LC79:
	.string	"1"
.LC80:
	.string	"--seconds"
.LC81:
	.string	"--threads"
.LC82:
	.string	"3"
.LC83:
	.string	"--quiet"
.LC84:
	.string	"%u"
	.section	.rodata.str1.8
	.align 8
.LC85:
	.string	"rule delay 1 ms 5 %% of PUBLISH\nhold\nthaw\nundo %d\n"
	.section	.rodata.str1.1
.LC86:
	.string	"all that waited goes on"
	.text
	.p2align 4
	.type	rules_come_and_go_while_several_loops_are_busy, @function
rules_come_and_go_while_several_loops_are_busy:
.LVL562:
.LFB131:
	.loc 7 203 74 is_stmt 1 view -0
	.cfi_startproc
	.loc 7 203 74 is_stmt 0 view .LVU2024
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	leaq	.LC58(%rip), %rbp
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	subq	$392, %rsp
	.cfi_def_cfa_offset 448
	movq	.LC87(%rip), %xmm4
	.loc 7 203 74 view .LVU2025
	movq	%fs:40, %rax
	movq	%rax, 376(%rsp)
	xorl	%eax, %eax
	leaq	240(%rsp), %rax
.LBB1335:
	.loc 7 206 5 view .LVU2026
	leaq	144(%rsp), %r15
	movq	$0, 208(%rsp)
	movq	%rax, %rcx
	movq	%rax, 64(%rsp)
	leaq	.LC75(%rip), %rax
	movq	%rax, %xmm5
	movq	%rcx, %xmm1
	movq	%r15, 120(%rsp)
	leaq	.LC76(%rip), %rax
	movq	%rax, %xmm0
	leaq	.LC77(%rip), %rax
	punpcklqdq	%xmm5, %xmm1
	movq	%rax, %xmm6
	movdqa	%xmm0, %xmm2
	leaq	.LC78(%rip), %rax
	movaps	%xmm1, 32(%rsp)
	movq	%rax, %xmm7
	leaq	.LC80(%rip), %rax
	movdqa	%xmm0, %xmm3
	movq	%rax, %xmm5
	movq	process_folder(%rip), %rax
	pxor	%xmm0, %xmm0
	punpcklqdq	%xmm6, %xmm2
	leaq	.LC52(%rip), %rcx
	movaps	%xmm0, 128(%rsp)
	punpcklqdq	%xmm7, %xmm3
	punpcklqdq	%xmm5, %xmm4
	movq	%rax, 112(%rsp)
	leaq	.LC44(%rip), %rax
	movq	%rcx, %xmm0
	leaq	.LC53(%rip), %rcx
	movq	%rax, %xmm6
	leaq	.LC54(%rip), %rax
	movaps	%xmm2, 48(%rsp)
	punpcklqdq	%xmm6, %xmm0
	movq	%rax, %xmm7
	movaps	%xmm3, (%rsp)
	leaq	.LC81(%rip), %rax
	movaps	%xmm0, 144(%rsp)
	movq	%rcx, %xmm0
	movq	%rax, %xmm5
	leaq	.LC55(%rip), %rcx
	punpcklqdq	%xmm7, %xmm0
	leaq	.LC83(%rip), %rax
	movaps	%xmm4, 16(%rsp)
.LBE1335:
	.loc 7 204 5 is_stmt 1 view .LVU2027
	.loc 7 205 5 view .LVU2028
	.loc 7 206 5 view .LVU2029
.LBB1381:
	.loc 7 206 5 view .LVU2030
	movaps	%xmm0, 160(%rsp)
	movq	%rcx, %xmm0
	leaq	.LC82(%rip), %rcx
	movq	%rax, %xmm6
	punpcklqdq	%xmm5, %xmm0
	leaq	112(%rsp), %rax
	movaps	%xmm0, 176(%rsp)
	movq	%rcx, %xmm0
	movq	%rax, %rdi
.LVL563:
	.loc 7 206 5 is_stmt 0 view .LVU2031
	punpcklqdq	%xmm6, %xmm0
	movq	%rax, 72(%rsp)
	movaps	%xmm0, 192(%rsp)
	call	process_start_with
.LVL564:
.LBB1336:
.LBB1337:
.LBB1338:
.LBB1339:
	.loc 1 349 44 view .LVU2032
	cmpq	$0, 72(%rax)
.LBE1339:
.LBE1338:
.LBE1337:
.LBE1336:
	.loc 7 206 5 view .LVU2033
	movq	%rax, broker(%rip)
	.loc 7 206 5 is_stmt 1 view .LVU2034
.LVL565:
.LBB1378:
.LBI1336:
	.loc 2 66 24 view .LVU2035
.LBB1375:
	.loc 2 67 5 view .LVU2036
.LBB1342:
.LBI1338:
	.loc 1 348 27 view .LVU2037
.LBB1340:
	.loc 1 349 5 view .LVU2038
.LBE1340:
.LBE1342:
.LBE1375:
.LBE1378:
	.loc 7 206 5 is_stmt 0 view .LVU2039
	movq	%rax, %rbx
.LBB1379:
.LBB1376:
.LBB1343:
.LBB1341:
	.loc 1 349 44 view .LVU2040
	jne	.L499
.LVL566:
.L434:
	.loc 1 349 44 view .LVU2041
.LBE1341:
.LBE1343:
	.loc 2 68 9 is_stmt 1 view .LVU2042
.LBB1344:
.LBI1344:
	.loc 1 286 20 view .LVU2043
	.loc 1 287 5 view .LVU2044
.LBB1345:
.LBI1345:
	.loc 1 266 20 view .LVU2045
.LBB1346:
	.loc 1 267 5 view .LVU2046
.LBB1347:
.LBI1347:
	.loc 1 79 24 view .LVU2047
.LBB1348:
	.loc 1 80 5 view .LVU2048
	.loc 1 81 5 view .LVU2049
	.loc 1 81 11 is_stmt 0 view .LVU2050
	leaq	96(%rsp), %r13
	movl	$1, %edi
	leaq	.LC11(%rip), %r14
	movq	%r13, %rsi
	call	clock_gettime@PLT
.LVL567:
	.loc 1 82 5 is_stmt 1 view .LVU2051
.LBE1348:
.LBE1347:
.LBB1350:
.LBB1351:
.LBB1352:
.LBB1353:
.LBB1354:
	.loc 1 135 11 is_stmt 0 view .LVU2052
	movq	%r15, 88(%rsp)
.LBE1354:
.LBE1353:
.LBE1352:
.LBE1351:
.LBE1350:
.LBB1365:
.LBB1349:
	.loc 1 82 64 view .LVU2053
	movabsq	$4835703278458516699, %rax
	mulq	104(%rsp)
	.loc 1 82 33 view .LVU2054
	imulq	$1000, 96(%rsp), %rcx
	.loc 1 82 64 view .LVU2055
	shrq	$18, %rdx
.LBE1349:
.LBE1365:
	.loc 1 267 14 view .LVU2056
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 80(%rsp)
.LVL568:
.L443:
	.loc 1 268 5 is_stmt 1 view .LVU2057
.LBB1366:
	.loc 1 269 9 view .LVU2058
	.loc 1 269 76 is_stmt 0 view .LVU2059
	cmpq	$0, 72(%rbx)
	je	.L436
	.loc 1 269 69 view .LVU2060
	movq	88(%rbx), %r12
	.loc 1 269 76 view .LVU2061
	movq	64(%rbx), %r15
	.loc 1 270 29 view .LVU2062
	movq	%rbp, %rsi
	.loc 1 269 76 view .LVU2063
	addq	%r12, %r15
.LVL569:
	.loc 1 270 9 is_stmt 1 view .LVU2064
	.loc 1 270 29 is_stmt 0 view .LVU2065
	movq	%r15, %rdi
	call	strstr@PLT
.LVL570:
	.loc 1 271 9 is_stmt 1 view .LVU2066
	.loc 1 271 12 is_stmt 0 view .LVU2067
	testq	%rax, %rax
	jne	.L500
.LVL571:
.L436:
	.loc 1 275 9 is_stmt 1 view .LVU2068
	.loc 1 275 12 is_stmt 0 view .LVU2069
	movl	56(%rbx), %edx
	testl	%edx, %edx
	js	.L440
.LBB1361:
.LBI1361:
	.loc 1 79 24 is_stmt 1 view .LVU2070
.LBB1362:
	.loc 1 80 5 view .LVU2071
	.loc 1 81 5 view .LVU2072
	.loc 1 81 11 is_stmt 0 view .LVU2073
	movq	%r13, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL572:
	.loc 1 82 5 is_stmt 1 view .LVU2074
	.loc 1 82 64 is_stmt 0 view .LVU2075
	movabsq	$4835703278458516699, %rax
	mulq	104(%rsp)
	.loc 1 82 33 view .LVU2076
	imulq	$1000, 96(%rsp), %rcx
	.loc 1 82 64 view .LVU2077
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2078
	addq	%rdx, %rcx
.LBE1362:
.LBE1361:
	.loc 1 275 28 view .LVU2079
	cmpq	%rcx, 80(%rsp)
	jnb	.L441
.L440:
	.loc 1 276 13 is_stmt 1 view .LVU2080
.LVL573:
.LBB1363:
.LBI1351:
	.loc 1 259 20 view .LVU2081
.LBB1359:
	.loc 1 260 5 view .LVU2082
	.loc 1 260 11 is_stmt 0 view .LVU2083
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbp, %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL574:
	.loc 1 261 5 is_stmt 1 view .LVU2084
.LBB1357:
.LBI1353:
	.loc 1 134 20 view .LVU2085
.LBB1355:
	.loc 1 135 5 view .LVU2086
	.loc 1 135 11 is_stmt 0 view .LVU2087
	cmpq	$0, 72(%rbx)
	leaq	.LC26(%rip), %r9
	jne	.L501
	cmpq	$0, 24(%rbx)
	leaq	.LC26(%rip), %r8
	je	.L442
.L503:
	.loc 1 135 11 view .LVU2088
	movq	16(%rbx), %r8
.L442:
	.loc 1 135 11 view .LVU2089
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL575:
	.loc 1 135 11 view .LVU2090
.LBE1355:
.LBE1357:
	.loc 1 262 5 is_stmt 1 view .LVU2091
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL576:
.L441:
	.loc 1 262 5 is_stmt 0 view .LVU2092
.LBE1359:
.LBE1363:
	.loc 1 278 9 is_stmt 1 view .LVU2093
	.loc 1 278 15 is_stmt 0 view .LVU2094
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL577:
.LBE1366:
	.loc 1 268 5 is_stmt 1 view .LVU2095
	.loc 1 268 14 is_stmt 0 view .LVU2096
	jmp	.L443
.LVL578:
.L499:
	.loc 1 268 14 view .LVU2097
.LBE1346:
.LBE1345:
.LBE1344:
	.loc 2 67 9 view .LVU2098
	leaq	.LC58(%rip), %rbp
	movq	64(%rax), %rdi
	movq	%rbp, %rsi
	call	strstr@PLT
.LVL579:
	.loc 2 67 8 view .LVU2099
	testq	%rax, %rax
	je	.L434
	leaq	96(%rsp), %r13
	leaq	.LC11(%rip), %r14
.L435:
	.loc 2 70 5 is_stmt 1 view .LVU2100
	.loc 2 70 11 is_stmt 0 view .LVU2101
	xorl	%esi, %esi
	jmp	.L498
.LVL580:
	.p2align 4,,10
	.p2align 3
.L447:
	.loc 2 73 9 is_stmt 1 view .LVU2102
	.loc 2 73 15 is_stmt 0 view .LVU2103
	movl	$1000, %esi
.LVL581:
.L498:
	.loc 2 73 15 view .LVU2104
	movl	$-1, %edi
.LBB1370:
.LBB1371:
	movl	$13, %r12d
.LBE1371:
.LBE1370:
	call	process_pump.isra.0
.LVL582:
	.loc 2 74 9 is_stmt 1 view .LVU2105
.LBB1373:
.LBI1370:
	.loc 1 348 27 view .LVU2106
.LBB1372:
	.loc 1 349 5 view .LVU2107
	.loc 1 349 44 is_stmt 0 view .LVU2108
	cmpq	$0, 72(%rbx)
	je	.L445
.LBE1372:
.LBE1373:
	.loc 2 74 14 view .LVU2109
	movq	64(%rbx), %rdi
	movq	%rbp, %rsi
	call	strstr@PLT
.LVL583:
	.loc 2 74 12 view .LVU2110
	leaq	13(%rax), %r12
.LVL584:
.L445:
	.loc 2 72 28 is_stmt 1 view .LVU2111
	.loc 2 72 12 is_stmt 0 view .LVU2112
	movl	$32, %esi
	movq	%r12, %rdi
	call	strchr@PLT
.LVL585:
	.loc 2 72 28 view .LVU2113
	testq	%rax, %rax
	je	.L447
	.loc 2 76 5 is_stmt 1 view .LVU2114
	.loc 2 76 22 is_stmt 0 view .LVU2115
	movl	$10, %edx
	xorl	%esi, %esi
	movq	%r12, %rdi
	call	strtoul@PLT
.LVL586:
	.loc 2 76 22 view .LVU2116
.LBE1376:
.LBE1379:
.LBE1381:
	.loc 7 207 11 view .LVU2117
	movq	64(%rsp), %rdi
	movl	$32, %esi
	leaq	.LC84(%rip), %rdx
	movzwl	%ax, %ecx
.LBB1382:
	.loc 7 206 5 view .LVU2118
	movw	%ax, port(%rip)
.LBE1382:
	.loc 7 206 5 is_stmt 1 view .LVU2119
	.loc 7 207 5 view .LVU2120
	.loc 7 207 11 is_stmt 0 view .LVU2121
	xorl	%eax, %eax
	call	snprintf@PLT
.LVL587:
	.loc 7 208 5 is_stmt 1 view .LVU2122
	.loc 7 208 28 is_stmt 0 view .LVU2123
	movq	process_folder(%rip), %rax
	pxor	%xmm0, %xmm0
	leaq	.LC73(%rip), %rsi
	movdqa	32(%rsp), %xmm1
	movdqa	(%rsp), %xmm3
	movaps	%xmm0, 128(%rsp)
	movq	%rsi, %xmm0
	movdqa	48(%rsp), %xmm2
	movdqa	16(%rsp), %xmm4
	movq	%rax, 112(%rsp)
	leaq	.LC74(%rip), %rax
	movq	%rax, %xmm7
	movq	72(%rsp), %rdi
	leaq	.LC79(%rip), %rax
	movq	$0, 232(%rsp)
	punpcklqdq	%xmm7, %xmm0
	movq	%rax, 224(%rsp)
	movq	%r15, 120(%rsp)
	movaps	%xmm0, 144(%rsp)
	movaps	%xmm1, 160(%rsp)
	movaps	%xmm2, 176(%rsp)
	movaps	%xmm3, 192(%rsp)
	movaps	%xmm4, 208(%rsp)
	call	process_start_with
.LVL588:
.LBB1383:
	.loc 7 210 14 view .LVU2124
	movl	$1, 16(%rsp)
.LBE1383:
	.loc 7 208 28 view .LVU2125
	movq	%rax, %rbx
.LVL589:
	.loc 7 210 5 is_stmt 1 view .LVU2126
.LBB1442:
	.loc 7 210 10 view .LVU2127
	.loc 7 210 23 view .LVU2128
	leaq	272(%rsp), %rax
.LVL590:
	.loc 7 210 23 is_stmt 0 view .LVU2129
	movq	%rax, 32(%rsp)
.LBB1384:
.LBB1385:
.LBB1386:
.LBB1387:
.LBB1388:
.LBB1389:
.LBB1390:
	.loc 1 260 11 view .LVU2130
	movq	%rbx, 48(%rsp)
.LVL591:
	.p2align 4,,10
	.p2align 3
.L455:
	.loc 1 260 11 view .LVU2131
.LBE1390:
.LBE1389:
.LBE1388:
.LBE1387:
.LBE1386:
.LBE1385:
	.loc 7 211 9 is_stmt 1 discriminator 3 view .LVU2132
	.loc 7 212 9 discriminator 3 view .LVU2133
	.loc 7 212 15 is_stmt 0 discriminator 3 view .LVU2134
	movq	32(%rsp), %r12
	movl	16(%rsp), %ecx
	movl	$96, %esi
	xorl	%eax, %eax
	leaq	.LC85(%rip), %rdx
	movq	%r12, %rdi
	call	snprintf@PLT
.LVL592:
	.loc 7 214 9 is_stmt 1 discriminator 3 view .LVU2135
.LBB1413:
.LBB1414:
.LBB1415:
	.loc 6 25 50 is_stmt 0 discriminator 3 view .LVU2136
	movq	%r12, %rdi
.LBE1415:
.LBE1414:
.LBE1413:
	.loc 7 214 9 discriminator 3 view .LVU2137
	movq	broker(%rip), %rbx
.LVL593:
.LBB1436:
.LBI1413:
	.loc 1 248 20 is_stmt 1 discriminator 3 view .LVU2138
	.loc 1 249 5 discriminator 3 view .LVU2139
.LBB1418:
.LBI1414:
	.loc 6 24 28 discriminator 3 view .LVU2140
.LBB1416:
	.loc 6 25 5 discriminator 3 view .LVU2141
	.loc 6 25 50 is_stmt 0 discriminator 3 view .LVU2142
	call	strlen@PLT
.LVL594:
.LBE1416:
.LBE1418:
.LBB1419:
.LBB1420:
.LBB1421:
.LBB1422:
	.loc 1 81 11 discriminator 3 view .LVU2143
	movq	%r13, %rsi
	movl	$1, %edi
.LBE1422:
.LBE1421:
.LBE1420:
.LBE1419:
.LBB1433:
.LBB1417:
	.loc 6 25 50 discriminator 3 view .LVU2144
	movq	%rax, %rbp
.LVL595:
	.loc 6 25 50 discriminator 3 view .LVU2145
.LBE1417:
.LBE1433:
.LBB1434:
.LBI1419:
	.loc 1 233 20 is_stmt 1 discriminator 3 view .LVU2146
.LBB1431:
	.loc 1 234 5 discriminator 3 view .LVU2147
.LBB1424:
.LBI1421:
	.loc 1 79 24 discriminator 3 view .LVU2148
.LBB1423:
	.loc 1 80 5 discriminator 3 view .LVU2149
	.loc 1 81 5 discriminator 3 view .LVU2150
	.loc 1 81 11 is_stmt 0 discriminator 3 view .LVU2151
	call	clock_gettime@PLT
.LVL596:
	.loc 1 82 5 is_stmt 1 discriminator 3 view .LVU2152
	.loc 1 82 64 is_stmt 0 discriminator 3 view .LVU2153
	movabsq	$4835703278458516699, %rax
	mulq	104(%rsp)
	.loc 1 82 33 discriminator 3 view .LVU2154
	imulq	$1000, 96(%rsp), %rcx
	.loc 1 82 64 discriminator 3 view .LVU2155
	shrq	$18, %rdx
.LBE1423:
.LBE1424:
	.loc 1 234 14 discriminator 3 view .LVU2156
	leaq	120000(%rcx,%rdx), %r15
.LVL597:
	.loc 1 235 5 is_stmt 1 discriminator 3 view .LVU2157
	.loc 1 235 23 discriminator 3 view .LVU2158
	testq	%rbp, %rbp
	je	.L448
.LVL598:
	.p2align 4,,10
	.p2align 3
.L453:
.LBB1425:
	.loc 1 236 9 view .LVU2159
	.loc 1 236 24 is_stmt 0 view .LVU2160
	movl	4(%rbx), %edi
	movq	%rbp, %rdx
	movq	%r12, %rsi
	call	write@PLT
.LVL599:
	.loc 1 237 9 is_stmt 1 view .LVU2161
	.loc 1 237 12 is_stmt 0 view .LVU2162
	testq	%rax, %rax
	jle	.L449
	.loc 1 238 13 is_stmt 1 view .LVU2163
	.loc 1 238 43 is_stmt 0 view .LVU2164
	addq	%rax, %r12
.LVL600:
	.loc 1 238 43 view .LVU2165
.LBE1425:
	.loc 1 235 23 is_stmt 1 view .LVU2166
	subq	%rax, %rbp
.LVL601:
	.loc 1 235 23 is_stmt 0 view .LVU2167
	jne	.L453
.LVL602:
.L491:
	.loc 1 235 23 view .LVU2168
.LBE1431:
.LBE1434:
.LBE1436:
	.loc 7 215 9 view .LVU2169
	movq	broker(%rip), %rbx
.LVL603:
.L448:
	.loc 7 215 9 is_stmt 1 view .LVU2170
.LBB1437:
.LBI1385:
	.loc 1 286 20 view .LVU2171
	.loc 1 287 5 view .LVU2172
.LBB1411:
.LBI1386:
	.loc 1 266 20 view .LVU2173
.LBB1409:
	.loc 1 267 5 view .LVU2174
.LBB1401:
.LBI1401:
	.loc 1 79 24 view .LVU2175
.LBB1402:
	.loc 1 80 5 view .LVU2176
	.loc 1 81 5 view .LVU2177
	.loc 1 81 11 is_stmt 0 view .LVU2178
	movq	%r13, %rsi
	movl	$1, %edi
.LBE1402:
.LBE1401:
.LBB1404:
.LBB1397:
.LBB1395:
.LBB1391:
.LBB1392:
	.loc 1 135 11 view .LVU2179
	leaq	.LC26(%rip), %rbp
.LBE1392:
.LBE1391:
.LBE1395:
.LBE1397:
.LBE1404:
.LBB1405:
.LBB1403:
	.loc 1 81 11 view .LVU2180
	call	clock_gettime@PLT
.LVL604:
	.loc 1 82 5 is_stmt 1 view .LVU2181
	.loc 1 82 64 is_stmt 0 view .LVU2182
	movabsq	$4835703278458516699, %rax
	mulq	104(%rsp)
	.loc 1 82 33 view .LVU2183
	imulq	$1000, 96(%rsp), %rcx
	.loc 1 82 64 view .LVU2184
	shrq	$18, %rdx
.LBE1403:
.LBE1405:
	.loc 1 267 14 view .LVU2185
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, (%rsp)
.LVL605:
	.loc 1 267 14 view .LVU2186
	jmp	.L463
.LVL606:
	.p2align 4,,10
	.p2align 3
.L454:
.LBB1406:
	.loc 1 275 9 is_stmt 1 view .LVU2187
	.loc 1 275 12 is_stmt 0 view .LVU2188
	movl	56(%rbx), %eax
	testl	%eax, %eax
	js	.L460
.LBB1398:
.LBI1398:
	.loc 1 79 24 is_stmt 1 view .LVU2189
.LBB1399:
	.loc 1 80 5 view .LVU2190
	.loc 1 81 5 view .LVU2191
	.loc 1 81 11 is_stmt 0 view .LVU2192
	movq	%r13, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL607:
	.loc 1 82 5 is_stmt 1 view .LVU2193
	.loc 1 82 64 is_stmt 0 view .LVU2194
	movabsq	$4835703278458516699, %rax
	mulq	104(%rsp)
	.loc 1 82 33 view .LVU2195
	imulq	$1000, 96(%rsp), %rcx
	.loc 1 82 64 view .LVU2196
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2197
	addq	%rdx, %rcx
.LBE1399:
.LBE1398:
	.loc 1 275 28 view .LVU2198
	cmpq	%rcx, (%rsp)
	jnb	.L461
.L460:
	.loc 1 276 13 is_stmt 1 view .LVU2199
.LVL608:
.LBB1400:
.LBI1389:
	.loc 1 259 20 view .LVU2200
.LBB1396:
	.loc 1 260 5 view .LVU2201
	.loc 1 260 11 is_stmt 0 view .LVU2202
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	leaq	.LC86(%rip), %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL609:
	.loc 1 261 5 is_stmt 1 view .LVU2203
.LBB1394:
.LBI1391:
	.loc 1 134 20 view .LVU2204
.LBB1393:
	.loc 1 135 5 view .LVU2205
	.loc 1 135 11 is_stmt 0 view .LVU2206
	cmpq	$0, 72(%rbx)
	movq	%rbp, %r9
	je	.L459
	movq	64(%rbx), %r9
.L459:
	cmpq	$0, 24(%rbx)
	movq	%rbp, %r8
	je	.L462
	movq	16(%rbx), %r8
.L462:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL610:
	.loc 1 135 11 view .LVU2207
.LBE1393:
.LBE1394:
	.loc 1 262 5 is_stmt 1 view .LVU2208
	movl	$262, %esi
	movq	%r14, %rdi
	call	_fail@PLT
.LVL611:
.L461:
	.loc 1 262 5 is_stmt 0 view .LVU2209
.LBE1396:
.LBE1400:
	.loc 1 278 9 is_stmt 1 view .LVU2210
	.loc 1 278 15 is_stmt 0 view .LVU2211
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL612:
.LBE1406:
	.loc 1 268 5 is_stmt 1 view .LVU2212
.L463:
	.loc 1 268 5 view .LVU2213
.LBB1407:
	.loc 1 269 9 view .LVU2214
	.loc 1 269 76 is_stmt 0 view .LVU2215
	cmpq	$0, 72(%rbx)
	je	.L454
	.loc 1 269 69 view .LVU2216
	movq	88(%rbx), %r12
	.loc 1 269 76 view .LVU2217
	movq	64(%rbx), %r15
	.loc 1 270 29 view .LVU2218
	leaq	.LC86(%rip), %rsi
	.loc 1 269 76 view .LVU2219
	addq	%r12, %r15
.LVL613:
	.loc 1 270 9 is_stmt 1 view .LVU2220
	.loc 1 270 29 is_stmt 0 view .LVU2221
	movq	%r15, %rdi
	call	strstr@PLT
.LVL614:
	.loc 1 271 9 is_stmt 1 view .LVU2222
	.loc 1 271 12 is_stmt 0 view .LVU2223
	testq	%rax, %rax
	je	.L454
	.loc 1 272 13 is_stmt 1 view .LVU2224
	.loc 1 272 44 is_stmt 0 view .LVU2225
	subq	%r15, %rax
.LVL615:
	.loc 1 272 44 view .LVU2226
.LBE1407:
.LBE1409:
.LBE1411:
.LBE1437:
.LBE1384:
	.loc 7 210 31 view .LVU2227
	addl	$1, 16(%rsp)
.LVL616:
.LBB1440:
.LBB1438:
.LBB1412:
.LBB1410:
.LBB1408:
	.loc 1 272 26 view .LVU2228
	leaq	23(%r12,%rax), %rax
	movq	%rax, 88(%rbx)
	.loc 1 273 13 is_stmt 1 view .LVU2229
.LVL617:
	.loc 1 273 13 is_stmt 0 view .LVU2230
.LBE1408:
.LBE1410:
.LBE1412:
.LBE1438:
.LBE1440:
	.loc 7 210 31 is_stmt 1 view .LVU2231
	movl	16(%rsp), %eax
.LVL618:
	.loc 7 210 23 view .LVU2232
	cmpl	$21, %eax
	jne	.L455
	movq	48(%rsp), %rbx
.LBE1442:
	.loc 7 217 5 view .LVU2233
	xorl	%esi, %esi
	movq	%rbx, %rdi
	call	process_assert_code
.LVL619:
	.loc 7 218 5 view .LVU2234
	movq	broker(%rip), %rbx
.LVL620:
.LBB1443:
.LBI1443:
	.loc 1 338 20 view .LVU2235
.LBB1444:
	.loc 1 339 5 view .LVU2236
.LBB1445:
.LBI1445:
	.loc 1 304 20 view .LVU2237
.LBB1446:
	.loc 1 305 5 view .LVU2238
	movl	$15, %esi
	movl	(%rbx), %edi
	call	kill@PLT
.LVL621:
	xorl	%esi, %esi
	movl	$305, %ecx
	movq	%r14, %rdx
	movslq	%eax, %rdi
	call	_assert_int_equal@PLT
.LVL622:
	.loc 1 305 5 is_stmt 0 view .LVU2239
.LBE1446:
.LBE1445:
	.loc 1 340 5 is_stmt 1 view .LVU2240
	xorl	%esi, %esi
	movq	%rbx, %rdi
	call	process_assert_code
.LVL623:
	.loc 1 340 5 is_stmt 0 view .LVU2241
.LBE1444:
.LBE1443:
	.loc 7 219 1 view .LVU2242
	movq	376(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L502
	addq	$392, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
.LVL624:
	.loc 7 219 1 view .LVU2243
	ret
.LVL625:
	.p2align 4,,10
	.p2align 3
.L449:
	.cfi_restore_state
.LBB1447:
.LBB1441:
.LBB1439:
.LBB1435:
.LBB1432:
.LBB1430:
	.loc 1 239 16 is_stmt 1 view .LVU2244
	.loc 1 239 19 is_stmt 0 view .LVU2245
	je	.L452
	.loc 1 239 32 view .LVU2246
	call	__errno_location@PLT
.LVL626:
	.loc 1 239 32 view .LVU2247
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU2248
	cmpl	$11, %eax
	je	.L452
	cmpl	$4, %eax
	jne	.L491
.L452:
	.loc 1 242 13 is_stmt 1 view .LVU2249
	.loc 1 242 19 is_stmt 0 view .LVU2250
	movl	4(%rbx), %edi
	movl	$1000, %esi
	call	process_pump.isra.0
.LVL627:
	.loc 1 243 13 is_stmt 1 view .LVU2251
.LBB1426:
.LBI1426:
	.loc 1 79 24 view .LVU2252
.LBB1427:
	.loc 1 80 5 view .LVU2253
	.loc 1 81 5 view .LVU2254
	.loc 1 81 11 is_stmt 0 view .LVU2255
	movq	%r13, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL628:
	.loc 1 82 5 is_stmt 1 view .LVU2256
.LBE1427:
.LBE1426:
	.loc 1 243 13 is_stmt 0 view .LVU2257
	xorl	%edi, %edi
	leaq	.LC34(%rip), %rsi
.LBB1429:
.LBB1428:
	.loc 1 82 64 view .LVU2258
	movabsq	$4835703278458516699, %rax
	mulq	104(%rsp)
	.loc 1 82 33 view .LVU2259
	imulq	$1000, 96(%rsp), %rcx
	.loc 1 82 64 view .LVU2260
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2261
	addq	%rdx, %rcx
.LBE1428:
.LBE1429:
	.loc 1 243 13 view .LVU2262
	movq	%r14, %rdx
	cmpq	%r15, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL629:
	.loc 1 243 13 view .LVU2263
.LBE1430:
	.loc 1 235 23 is_stmt 1 view .LVU2264
	jmp	.L453
.LVL630:
.L501:
	.loc 1 235 23 is_stmt 0 view .LVU2265
.LBE1432:
.LBE1435:
.LBE1439:
.LBE1441:
.LBE1447:
.LBB1448:
.LBB1380:
.LBB1377:
.LBB1374:
.LBB1369:
.LBB1368:
.LBB1367:
.LBB1364:
.LBB1360:
.LBB1358:
.LBB1356:
	.loc 1 135 11 view .LVU2266
	cmpq	$0, 24(%rbx)
	movq	64(%rbx), %r9
	leaq	.LC26(%rip), %r8
	je	.L442
	jmp	.L503
.LVL631:
.L500:
	.loc 1 135 11 view .LVU2267
.LBE1356:
.LBE1358:
.LBE1360:
.LBE1364:
	.loc 1 272 44 view .LVU2268
	movq	%r15, %rcx
	movq	88(%rsp), %r15
.LVL632:
	.loc 1 272 13 is_stmt 1 view .LVU2269
	.loc 1 272 44 is_stmt 0 view .LVU2270
	subq	%rcx, %rax
.LVL633:
	.loc 1 272 26 view .LVU2271
	leaq	13(%r12,%rax), %rax
	movq	%rax, 88(%rbx)
	.loc 1 273 13 is_stmt 1 view .LVU2272
	jmp	.L435
.LVL634:
.L502:
	.loc 1 273 13 is_stmt 0 view .LVU2273
.LBE1367:
.LBE1368:
.LBE1369:
.LBE1374:
.LBE1377:
.LBE1380:
.LBE1448:
	.loc 7 219 1 view .LVU2274
	call	__stack_chk_fail@PLT
.LVL635:
	.cfi_endproc
.LFE131:
	.size	rules_come_and_go_while_several_loops_are_busy, .-rules_come_and_go_while_several_loops_are_busy
	.section	.rodata.str1.8
	.align 8
.LC88:
	.string	"rule hold PUBLISH from alice\nrule freeze with bob\n"
	.section	.rodata.str1.1
.LC89:
	.string	"bob"
.LC90:
	.string	"with bob frozen"
.LC91:
	.string	"x"
	.text
	.p2align 4
	.type	the_broker_ends_though_packets_are_held_and_clients_frozen, @function
the_broker_ends_though_packets_are_held_and_clients_frozen:
.LVL636:
.LFB130:
	.loc 7 188 86 is_stmt 1 view -0
	.cfi_startproc
	.loc 7 188 86 is_stmt 0 view .LVU2276
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
.LBB1528:
	.loc 7 190 5 view .LVU2277
	pxor	%xmm0, %xmm0
.LBE1528:
	.loc 7 188 86 view .LVU2278
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	leaq	.LC58(%rip), %rbp
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
.LBB1583:
	.loc 7 190 5 view .LVU2279
	leaq	.LC52(%rip), %rbx
.LBE1583:
	.loc 7 188 86 view .LVU2280
	subq	$696, %rsp
	.cfi_def_cfa_offset 752
	.loc 7 188 86 view .LVU2281
	movq	%fs:40, %rax
	movq	%rax, 680(%rsp)
	xorl	%eax, %eax
	.loc 7 189 5 is_stmt 1 view .LVU2282
	.loc 7 190 5 view .LVU2283
.LBB1584:
	.loc 7 190 5 view .LVU2284
	movq	process_folder(%rip), %rax
	movaps	%xmm0, 64(%rsp)
	movq	%rbx, %xmm0
	leaq	.LC53(%rip), %rbx
	leaq	48(%rsp), %r14
	movq	$0, 664(%rsp)
	movq	%rax, 48(%rsp)
	leaq	.LC44(%rip), %rax
	movq	%r14, %rdi
.LVL637:
	.loc 7 190 5 is_stmt 0 view .LVU2285
	movq	%rax, %xmm1
	leaq	.LC54(%rip), %rax
	punpcklqdq	%xmm1, %xmm0
	movq	%rax, %xmm2
	leaq	.LC56(%rip), %rax
	movaps	%xmm0, 608(%rsp)
	movq	%rbx, %xmm0
	leaq	.LC55(%rip), %rbx
	movq	%rax, %xmm3
	punpcklqdq	%xmm2, %xmm0
	leaq	.LC57(%rip), %rax
	movaps	%xmm0, 624(%rsp)
	movq	%rbx, %xmm0
	movq	%rax, 656(%rsp)
	punpcklqdq	%xmm3, %xmm0
	leaq	608(%rsp), %rax
	movq	%rax, 56(%rsp)
	movaps	%xmm0, 640(%rsp)
	call	process_start_with
.LVL638:
.LBB1529:
.LBB1530:
.LBB1531:
.LBB1532:
	.loc 1 349 44 view .LVU2286
	cmpq	$0, 72(%rax)
.LBE1532:
.LBE1531:
.LBE1530:
.LBE1529:
	.loc 7 190 5 view .LVU2287
	movq	%rax, broker(%rip)
	.loc 7 190 5 is_stmt 1 view .LVU2288
.LVL639:
.LBB1579:
.LBI1529:
	.loc 2 66 24 view .LVU2289
.LBB1575:
	.loc 2 67 5 view .LVU2290
.LBB1535:
.LBI1531:
	.loc 1 348 27 view .LVU2291
.LBB1533:
	.loc 1 349 5 view .LVU2292
.LBE1533:
.LBE1535:
.LBE1575:
.LBE1579:
	.loc 7 190 5 is_stmt 0 view .LVU2293
	movq	%rax, %rbx
.LBB1580:
.LBB1576:
.LBB1536:
.LBB1534:
	.loc 1 349 44 view .LVU2294
	jne	.L580
.LVL640:
.L505:
	.loc 1 349 44 view .LVU2295
.LBE1534:
.LBE1536:
	.loc 2 68 9 is_stmt 1 view .LVU2296
.LBB1537:
.LBI1537:
	.loc 1 286 20 view .LVU2297
	.loc 1 287 5 view .LVU2298
.LBB1538:
.LBI1538:
	.loc 1 266 20 view .LVU2299
.LBB1539:
	.loc 1 267 5 view .LVU2300
.LBB1540:
.LBI1540:
	.loc 1 79 24 view .LVU2301
.LBB1541:
	.loc 1 80 5 view .LVU2302
	.loc 1 81 5 view .LVU2303
	.loc 1 81 11 is_stmt 0 view .LVU2304
	leaq	32(%rsp), %rsi
	movl	$1, %edi
.LBE1541:
.LBE1540:
.LBB1544:
.LBB1545:
.LBB1546:
.LBB1547:
.LBB1548:
	.loc 1 135 11 view .LVU2305
	leaq	.LC26(%rip), %r12
.LBE1548:
.LBE1547:
.LBE1546:
.LBE1545:
.LBE1544:
.LBB1563:
.LBB1542:
	.loc 1 81 11 view .LVU2306
	movq	%rsi, 8(%rsp)
	call	clock_gettime@PLT
.LVL641:
	.loc 1 82 5 is_stmt 1 view .LVU2307
.LBE1542:
.LBE1563:
.LBB1564:
.LBB1558:
.LBB1555:
.LBB1552:
.LBB1549:
	.loc 1 135 11 is_stmt 0 view .LVU2308
	movq	%r14, 16(%rsp)
	movq	%rbx, %r14
.LBE1549:
.LBE1552:
.LBE1555:
.LBE1558:
.LBE1564:
.LBB1565:
.LBB1543:
	.loc 1 82 64 view .LVU2309
	movabsq	$4835703278458516699, %rax
	mulq	40(%rsp)
	leaq	.LC11(%rip), %rax
	.loc 1 82 33 view .LVU2310
	imulq	$1000, 32(%rsp), %rcx
	movq	%rax, (%rsp)
	.loc 1 82 64 view .LVU2311
	shrq	$18, %rdx
.LBE1543:
.LBE1565:
	.loc 1 267 14 view .LVU2312
	leaq	120000(%rcx,%rdx), %r15
.LVL642:
	.p2align 4,,10
	.p2align 3
.L514:
	.loc 1 268 5 is_stmt 1 view .LVU2313
.LBB1566:
	.loc 1 269 9 view .LVU2314
	.loc 1 269 76 is_stmt 0 view .LVU2315
	cmpq	$0, 72(%r14)
	je	.L507
	.loc 1 269 69 view .LVU2316
	movq	88(%r14), %rbx
	.loc 1 269 76 view .LVU2317
	movq	64(%r14), %r13
	.loc 1 270 29 view .LVU2318
	movq	%rbp, %rsi
	.loc 1 269 76 view .LVU2319
	addq	%rbx, %r13
.LVL643:
	.loc 1 270 9 is_stmt 1 view .LVU2320
	.loc 1 270 29 is_stmt 0 view .LVU2321
	movq	%r13, %rdi
	call	strstr@PLT
.LVL644:
	.loc 1 271 9 is_stmt 1 view .LVU2322
	.loc 1 271 12 is_stmt 0 view .LVU2323
	testq	%rax, %rax
	jne	.L581
.LVL645:
.L507:
	.loc 1 275 9 is_stmt 1 view .LVU2324
	.loc 1 275 12 is_stmt 0 view .LVU2325
	movl	56(%r14), %ecx
	testl	%ecx, %ecx
	js	.L511
.LBB1559:
.LBI1559:
	.loc 1 79 24 is_stmt 1 view .LVU2326
.LBB1560:
	.loc 1 80 5 view .LVU2327
	.loc 1 81 5 view .LVU2328
	.loc 1 81 11 is_stmt 0 view .LVU2329
	movq	8(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL646:
	.loc 1 82 5 is_stmt 1 view .LVU2330
	.loc 1 82 64 is_stmt 0 view .LVU2331
	movabsq	$4835703278458516699, %rax
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU2332
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU2333
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2334
	addq	%rdx, %rcx
.LBE1560:
.LBE1559:
	.loc 1 275 28 view .LVU2335
	cmpq	%rcx, %r15
	jnb	.L512
.L511:
	.loc 1 276 13 is_stmt 1 view .LVU2336
.LVL647:
.LBB1561:
.LBI1545:
	.loc 1 259 20 view .LVU2337
.LBB1556:
	.loc 1 260 5 view .LVU2338
	.loc 1 260 11 is_stmt 0 view .LVU2339
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbp, %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL648:
	.loc 1 261 5 is_stmt 1 view .LVU2340
.LBB1553:
.LBI1547:
	.loc 1 134 20 view .LVU2341
.LBB1550:
	.loc 1 135 5 view .LVU2342
	.loc 1 135 11 is_stmt 0 view .LVU2343
	cmpq	$0, 72(%r14)
	movq	%r12, %r9
	jne	.L582
	cmpq	$0, 24(%r14)
	movq	%r12, %r8
	je	.L513
.L585:
	.loc 1 135 11 view .LVU2344
	movq	16(%r14), %r8
.L513:
	.loc 1 135 11 view .LVU2345
	movl	(%r14), %ecx
	movq	104(%r14), %rdx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL649:
	.loc 1 135 11 view .LVU2346
.LBE1550:
.LBE1553:
	.loc 1 262 5 is_stmt 1 view .LVU2347
	movq	(%rsp), %rdi
	movl	$262, %esi
	call	_fail@PLT
.LVL650:
.L512:
	.loc 1 262 5 is_stmt 0 view .LVU2348
.LBE1556:
.LBE1561:
	.loc 1 278 9 is_stmt 1 view .LVU2349
	.loc 1 278 15 is_stmt 0 view .LVU2350
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL651:
.LBE1566:
	.loc 1 268 5 is_stmt 1 view .LVU2351
	.loc 1 268 14 is_stmt 0 view .LVU2352
	jmp	.L514
.LVL652:
	.p2align 4,,10
	.p2align 3
.L580:
	.loc 1 268 14 view .LVU2353
.LBE1539:
.LBE1538:
.LBE1537:
	.loc 2 67 9 view .LVU2354
	leaq	.LC58(%rip), %rbp
	movq	64(%rax), %rdi
	movq	%rbp, %rsi
	call	strstr@PLT
.LVL653:
	.loc 2 67 8 view .LVU2355
	testq	%rax, %rax
	je	.L505
	leaq	.LC11(%rip), %rax
	movq	%rax, (%rsp)
.L506:
	.loc 2 70 5 is_stmt 1 view .LVU2356
	.loc 2 70 11 is_stmt 0 view .LVU2357
	xorl	%esi, %esi
	jmp	.L579
.LVL654:
	.p2align 4,,10
	.p2align 3
.L518:
	.loc 2 73 9 is_stmt 1 view .LVU2358
	.loc 2 73 15 is_stmt 0 view .LVU2359
	movl	$1000, %esi
.LVL655:
.L579:
	.loc 2 73 15 view .LVU2360
	movl	$-1, %edi
.LBB1570:
.LBB1571:
	movl	$13, %r12d
.LBE1571:
.LBE1570:
	call	process_pump.isra.0
.LVL656:
	.loc 2 74 9 is_stmt 1 view .LVU2361
.LBB1573:
.LBI1570:
	.loc 1 348 27 view .LVU2362
.LBB1572:
	.loc 1 349 5 view .LVU2363
	.loc 1 349 44 is_stmt 0 view .LVU2364
	cmpq	$0, 72(%rbx)
	je	.L516
.LBE1572:
.LBE1573:
	.loc 2 74 14 view .LVU2365
	movq	64(%rbx), %rdi
	movq	%rbp, %rsi
	call	strstr@PLT
.LVL657:
	.loc 2 74 12 view .LVU2366
	leaq	13(%rax), %r12
.LVL658:
.L516:
	.loc 2 72 28 is_stmt 1 view .LVU2367
	.loc 2 72 12 is_stmt 0 view .LVU2368
	movl	$32, %esi
	movq	%r12, %rdi
	call	strchr@PLT
.LVL659:
	.loc 2 72 28 view .LVU2369
	testq	%rax, %rax
	je	.L518
	.loc 2 76 5 is_stmt 1 view .LVU2370
	.loc 2 76 22 is_stmt 0 view .LVU2371
	movq	%r12, %rdi
	movl	$10, %edx
	xorl	%esi, %esi
.LBE1576:
.LBE1580:
.LBE1584:
.LBB1585:
.LBB1586:
.LBB1587:
	.loc 1 234 14 view .LVU2372
	movl	$50, %ebx
.LVL660:
	.loc 1 234 14 view .LVU2373
.LBE1587:
.LBE1586:
.LBE1585:
.LBB1608:
.LBB1581:
.LBB1577:
	.loc 2 76 22 view .LVU2374
	call	strtoul@PLT
.LVL661:
	.loc 2 76 22 view .LVU2375
.LBE1577:
.LBE1581:
.LBE1608:
	.loc 7 191 31 view .LVU2376
	leaq	.LC59(%rip), %rcx
	xorl	%edi, %edi
	movl	$4, %edx
	movzwl	%ax, %esi
.LBB1609:
	.loc 7 190 5 view .LVU2377
	movw	%ax, port(%rip)
.LBE1609:
	.loc 7 190 5 is_stmt 1 view .LVU2378
	.loc 7 191 5 view .LVU2379
.LBB1610:
.LBB1604:
.LBB1600:
.LBB1588:
.LBB1589:
	.loc 1 82 64 is_stmt 0 view .LVU2380
	movabsq	$4835703278458516699, %r13
.LBE1589:
.LBE1588:
	.loc 1 234 14 view .LVU2381
	leaq	.LC88(%rip), %rbp
.LBE1600:
.LBE1604:
.LBE1610:
	.loc 7 191 31 view .LVU2382
	call	mqtt_hand_connect
.LVL662:
	.loc 7 192 29 view .LVU2383
	movl	$4, %edx
	movl	$1, %edi
	movzwl	port(%rip), %esi
	leaq	.LC89(%rip), %rcx
	.loc 7 191 31 view .LVU2384
	movq	%rax, 16(%rsp)
.LVL663:
	.loc 7 192 5 is_stmt 1 view .LVU2385
	.loc 7 192 29 is_stmt 0 view .LVU2386
	call	mqtt_hand_connect
.LVL664:
.LBB1611:
.LBB1605:
.LBB1601:
.LBB1592:
.LBB1590:
	.loc 1 81 11 view .LVU2387
	movq	%r14, %rsi
	movl	$1, %edi
.LBE1590:
.LBE1592:
.LBE1601:
.LBE1605:
.LBE1611:
	.loc 7 193 5 view .LVU2388
	movq	broker(%rip), %r12
	.loc 7 192 29 view .LVU2389
	movq	%rax, 24(%rsp)
.LVL665:
	.loc 7 193 5 is_stmt 1 view .LVU2390
.LBB1612:
.LBI1585:
	.loc 1 248 20 view .LVU2391
	.loc 1 249 5 view .LVU2392
.LBB1606:
.LBI1586:
	.loc 1 233 20 view .LVU2393
.LBB1602:
	.loc 1 234 5 view .LVU2394
.LBB1593:
.LBI1588:
	.loc 1 79 24 view .LVU2395
.LBB1591:
	.loc 1 80 5 view .LVU2396
	.loc 1 81 5 view .LVU2397
	.loc 1 81 11 is_stmt 0 view .LVU2398
	call	clock_gettime@PLT
.LVL666:
	.loc 1 82 5 is_stmt 1 view .LVU2399
	.loc 1 82 64 is_stmt 0 view .LVU2400
	movq	%r13, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2401
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2402
	shrq	$18, %rdx
.LBE1591:
.LBE1593:
	.loc 1 234 14 view .LVU2403
	leaq	120000(%rcx,%rdx), %r15
.LVL667:
	.loc 1 235 5 is_stmt 1 view .LVU2404
	.loc 1 235 23 view .LVU2405
	.p2align 4,,10
	.p2align 3
.L524:
.LBB1594:
	.loc 1 236 9 view .LVU2406
	.loc 1 236 24 is_stmt 0 view .LVU2407
	movl	4(%r12), %edi
	movq	%rbx, %rdx
	movq	%rbp, %rsi
	call	write@PLT
.LVL668:
	.loc 1 237 9 is_stmt 1 view .LVU2408
	.loc 1 237 12 is_stmt 0 view .LVU2409
	testq	%rax, %rax
	jle	.L519
	.loc 1 238 13 is_stmt 1 view .LVU2410
	.loc 1 238 43 is_stmt 0 view .LVU2411
	addq	%rax, %rbp
.LVL669:
	.loc 1 238 43 view .LVU2412
.LBE1594:
	.loc 1 235 23 is_stmt 1 view .LVU2413
	subq	%rax, %rbx
.LVL670:
	.loc 1 235 23 is_stmt 0 view .LVU2414
	jne	.L524
.LVL671:
.L521:
	.loc 1 235 23 view .LVU2415
.LBE1602:
.LBE1606:
.LBE1612:
	.loc 7 194 5 is_stmt 1 view .LVU2416
.LBB1613:
.LBB1614:
.LBB1615:
.LBB1616:
.LBB1617:
	.loc 1 81 11 is_stmt 0 view .LVU2417
	movq	%r14, %rsi
	movl	$1, %edi
.LBE1617:
.LBE1616:
.LBE1615:
.LBE1614:
.LBE1613:
	.loc 7 194 5 view .LVU2418
	movq	broker(%rip), %r15
.LVL672:
.LBB1643:
.LBI1613:
	.loc 1 286 20 is_stmt 1 view .LVU2419
	.loc 1 287 5 view .LVU2420
.LBB1640:
.LBI1614:
	.loc 1 266 20 view .LVU2421
.LBB1637:
	.loc 1 267 5 view .LVU2422
.LBB1620:
.LBI1616:
	.loc 1 79 24 view .LVU2423
.LBB1618:
	.loc 1 80 5 view .LVU2424
	.loc 1 81 5 view .LVU2425
	leaq	.LC90(%rip), %rbx
	.loc 1 81 11 is_stmt 0 view .LVU2426
	call	clock_gettime@PLT
.LVL673:
	.loc 1 82 5 is_stmt 1 view .LVU2427
.LBE1618:
.LBE1620:
.LBB1621:
.LBB1622:
.LBB1623:
.LBB1624:
.LBB1625:
	.loc 1 135 11 is_stmt 0 view .LVU2428
	leaq	.LC26(%rip), %rbp
.LBE1625:
.LBE1624:
.LBE1623:
.LBE1622:
.LBE1621:
.LBB1632:
.LBB1619:
	.loc 1 82 64 view .LVU2429
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	movq	%r15, %r13
	movq	%r14, %r15
.LVL674:
	.loc 1 82 33 view .LVU2430
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2431
	shrq	$18, %rdx
.LBE1619:
.LBE1632:
	.loc 1 267 14 view .LVU2432
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL675:
	.loc 1 267 14 view .LVU2433
	jmp	.L523
.LVL676:
	.p2align 4,,10
	.p2align 3
.L525:
.LBB1633:
	.loc 1 275 9 is_stmt 1 view .LVU2434
	.loc 1 275 12 is_stmt 0 view .LVU2435
	movl	56(%r13), %edx
	testl	%edx, %edx
	js	.L531
.LBB1629:
.LBI1629:
	.loc 1 79 24 is_stmt 1 view .LVU2436
.LBB1630:
	.loc 1 80 5 view .LVU2437
	.loc 1 81 5 view .LVU2438
	.loc 1 81 11 is_stmt 0 view .LVU2439
	movq	%r15, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL677:
	.loc 1 82 5 is_stmt 1 view .LVU2440
	.loc 1 82 64 is_stmt 0 view .LVU2441
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2442
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2443
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2444
	addq	%rdx, %rcx
.LBE1630:
.LBE1629:
	.loc 1 275 28 view .LVU2445
	cmpq	%rcx, 8(%rsp)
	jnb	.L532
.L531:
	.loc 1 276 13 is_stmt 1 view .LVU2446
.LVL678:
.LBB1631:
.LBI1622:
	.loc 1 259 20 view .LVU2447
.LBB1628:
	.loc 1 260 5 view .LVU2448
	.loc 1 260 11 is_stmt 0 view .LVU2449
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL679:
	.loc 1 261 5 is_stmt 1 view .LVU2450
.LBB1627:
.LBI1624:
	.loc 1 134 20 view .LVU2451
.LBB1626:
	.loc 1 135 5 view .LVU2452
	.loc 1 135 11 is_stmt 0 view .LVU2453
	cmpq	$0, 72(%r13)
	movq	%rbp, %r9
	je	.L530
	movq	64(%r13), %r9
.L530:
	.loc 1 135 11 view .LVU2454
	cmpq	$0, 24(%r13)
	movq	%rbp, %r8
	je	.L533
	movq	16(%r13), %r8
.L533:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL680:
	.loc 1 135 11 view .LVU2455
.LBE1626:
.LBE1627:
	.loc 1 262 5 is_stmt 1 view .LVU2456
	movq	(%rsp), %rdi
	movl	$262, %esi
	call	_fail@PLT
.LVL681:
.L532:
	.loc 1 262 5 is_stmt 0 view .LVU2457
.LBE1628:
.LBE1631:
	.loc 1 278 9 is_stmt 1 view .LVU2458
	.loc 1 278 15 is_stmt 0 view .LVU2459
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL682:
.LBE1633:
	.loc 1 268 5 is_stmt 1 view .LVU2460
.L523:
	.loc 1 268 5 view .LVU2461
.LBB1634:
	.loc 1 269 9 view .LVU2462
	.loc 1 269 76 is_stmt 0 view .LVU2463
	cmpq	$0, 72(%r13)
	je	.L525
	.loc 1 269 69 view .LVU2464
	movq	88(%r13), %r14
	.loc 1 269 76 view .LVU2465
	movq	64(%r13), %r12
	.loc 1 270 29 view .LVU2466
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU2467
	addq	%r14, %r12
.LVL683:
	.loc 1 270 9 is_stmt 1 view .LVU2468
	.loc 1 270 29 is_stmt 0 view .LVU2469
	movq	%r12, %rdi
	call	strstr@PLT
.LVL684:
	.loc 1 271 9 is_stmt 1 view .LVU2470
	.loc 1 271 12 is_stmt 0 view .LVU2471
	testq	%rax, %rax
	je	.L525
	.loc 1 272 44 view .LVU2472
	subq	%r12, %rax
.LVL685:
	.loc 1 272 44 view .LVU2473
	movq	%r15, %rbx
	movq	%r13, %r15
	.loc 1 272 13 is_stmt 1 view .LVU2474
.LBE1634:
.LBE1637:
.LBE1640:
.LBE1643:
.LBB1644:
.LBB1645:
.LBB1646:
.LBB1647:
	.loc 7 15 12 is_stmt 0 view .LVU2475
	movl	$69, %ecx
.LBE1647:
.LBE1646:
.LBE1645:
.LBE1644:
.LBB1679:
.LBB1641:
.LBB1638:
.LBB1635:
	.loc 1 272 26 view .LVU2476
	leaq	15(%r14,%rax), %rax
.LBE1635:
.LBE1638:
.LBE1641:
.LBE1679:
.LBB1680:
.LBB1676:
.LBB1653:
.LBB1648:
	.loc 7 15 12 view .LVU2477
	movq	%rbx, %rdi
.LBE1648:
.LBE1653:
.LBB1654:
.LBB1655:
	.loc 2 105 19 view .LVU2478
	leaq	48(%rsp), %r14
.LBE1655:
.LBE1654:
.LBE1676:
.LBE1680:
.LBB1681:
.LBB1642:
.LBB1639:
.LBB1636:
	.loc 1 272 26 view .LVU2479
	movq	%rax, 88(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU2480
.LVL686:
	.loc 1 273 13 is_stmt 0 view .LVU2481
.LBE1636:
.LBE1639:
.LBE1642:
.LBE1681:
	.loc 7 195 5 is_stmt 1 view .LVU2482
.LBB1682:
.LBI1644:
	.loc 7 22 13 view .LVU2483
.LBB1677:
	.loc 7 23 5 view .LVU2484
.LBB1667:
.LBI1646:
	.loc 7 14 27 view .LVU2485
.LBB1649:
	.loc 7 15 5 view .LVU2486
	.loc 7 15 12 is_stmt 0 view .LVU2487
	xorl	%eax, %eax
.LBE1649:
.LBE1667:
.LBB1668:
.LBB1662:
	.loc 2 105 19 view .LVU2488
	movq	16(%rsp), %r15
.LBE1662:
.LBE1668:
.LBB1669:
.LBB1650:
	.loc 7 15 12 view .LVU2489
	rep stosq
	leaq	.LC37(%rip), %rax
.LBE1650:
.LBE1669:
.LBB1670:
.LBB1663:
	.loc 2 105 19 view .LVU2490
	movq	%r14, %rdi
.LBE1663:
.LBE1670:
.LBB1671:
.LBB1651:
	.loc 7 15 12 view .LVU2491
	movl	$3, 48(%rsp)
.LBE1651:
.LBE1671:
.LBB1672:
.LBB1664:
	.loc 2 105 19 view .LVU2492
	movl	4(%r15), %esi
.LBE1664:
.LBE1672:
.LBB1673:
.LBB1652:
	.loc 7 15 12 view .LVU2493
	movq	%rax, 64(%rsp)
	leaq	.LC91(%rip), %rax
	movq	$3, 72(%rsp)
	movq	%rax, 80(%rsp)
	movq	$1, 88(%rsp)
.LVL687:
	.loc 7 15 12 view .LVU2494
.LBE1652:
.LBE1673:
	.loc 7 24 5 is_stmt 1 view .LVU2495
.LBB1674:
.LBI1654:
	.loc 2 104 20 view .LVU2496
.LBB1665:
	.loc 2 105 5 view .LVU2497
	.loc 2 105 19 is_stmt 0 view .LVU2498
	call	mqtt_encoded_size@PLT
.LVL688:
	.loc 2 106 22 view .LVU2499
	movq	%rax, %rdi
	.loc 2 105 19 view .LVU2500
	movq	%rax, %rbp
.LVL689:
	.loc 2 106 5 is_stmt 1 view .LVU2501
	.loc 2 106 22 is_stmt 0 view .LVU2502
	call	malloc@PLT
.LVL690:
	.loc 2 107 5 view .LVU2503
	movl	$107, %ecx
	leaq	.LC31(%rip), %rdx
	leaq	.LC38(%rip), %rsi
	movq	%rax, %rdi
	.loc 2 106 22 view .LVU2504
	movq	%rax, %rbx
.LVL691:
	.loc 2 107 5 is_stmt 1 view .LVU2505
	call	_assert_true@PLT
.LVL692:
	.loc 2 108 5 view .LVU2506
	.loc 2 108 11 is_stmt 0 view .LVU2507
	movl	4(%r15), %esi
	movq	%rbx, %rdx
	movq	%r14, %rdi
.LBB1656:
.LBB1657:
	.loc 5 48 23 view .LVU2508
	movq	%rbx, %r12
.LVL693:
	.loc 5 48 23 view .LVU2509
.LBE1657:
.LBE1656:
	.loc 2 108 11 view .LVU2510
	call	mqtt_encode@PLT
.LVL694:
	.loc 2 109 5 is_stmt 1 view .LVU2511
	movl	(%r15), %r13d
.LVL695:
.LBB1661:
.LBI1656:
	.loc 5 47 20 view .LVU2512
.LBB1660:
	.loc 5 48 5 view .LVU2513
	.loc 5 48 23 view .LVU2514
	testq	%rbp, %rbp
	jne	.L526
	jmp	.L534
.LVL696:
	.p2align 4,,10
	.p2align 3
.L583:
.LBB1658:
	.loc 5 53 9 view .LVU2515
	.loc 5 53 39 is_stmt 0 view .LVU2516
	addq	%rax, %r12
.LVL697:
	.loc 5 53 39 view .LVU2517
.LBE1658:
	.loc 5 48 23 is_stmt 1 view .LVU2518
	subq	%rax, %rbp
.LVL698:
	.loc 5 48 23 is_stmt 0 view .LVU2519
	je	.L534
.LVL699:
.L526:
.LBB1659:
	.loc 5 49 9 is_stmt 1 view .LVU2520
	.loc 5 49 24 is_stmt 0 view .LVU2521
	movl	$16384, %ecx
	movq	%rbp, %rdx
	movq	%r12, %rsi
	movl	%r13d, %edi
	call	send@PLT
.LVL700:
	.loc 5 50 9 is_stmt 1 view .LVU2522
	.loc 5 50 12 is_stmt 0 view .LVU2523
	testq	%rax, %rax
	jg	.L583
.LVL701:
.L534:
	.loc 5 50 12 view .LVU2524
.LBE1659:
.LBE1660:
.LBE1661:
	.loc 2 110 5 is_stmt 1 view .LVU2525
	movq	%rbx, %rdi
.LBE1665:
.LBE1674:
.LBE1677:
.LBE1682:
.LBB1683:
.LBB1684:
.LBB1685:
.LBB1686:
.LBB1687:
.LBB1688:
.LBB1689:
.LBB1690:
	.loc 1 135 11 is_stmt 0 view .LVU2526
	leaq	.LC26(%rip), %rbp
	leaq	.LC66(%rip), %rbx
.LVL702:
	.loc 1 135 11 view .LVU2527
.LBE1690:
.LBE1689:
.LBE1688:
.LBE1687:
.LBE1686:
.LBE1685:
.LBE1684:
.LBE1683:
.LBB1710:
.LBB1678:
.LBB1675:
.LBB1666:
	.loc 2 110 5 view .LVU2528
	call	free@PLT
.LVL703:
	.loc 2 110 5 view .LVU2529
.LBE1666:
.LBE1675:
.LBE1678:
.LBE1710:
	.loc 7 196 5 is_stmt 1 view .LVU2530
.LBB1711:
.LBB1707:
.LBB1704:
.LBB1697:
.LBB1698:
	.loc 1 81 11 is_stmt 0 view .LVU2531
	movq	%r14, %rsi
	movl	$1, %edi
.LBE1698:
.LBE1697:
.LBE1704:
.LBE1707:
.LBE1711:
	.loc 7 196 5 view .LVU2532
	movq	broker(%rip), %r15
.LVL704:
.LBB1712:
.LBI1683:
	.loc 1 286 20 is_stmt 1 view .LVU2533
	.loc 1 287 5 view .LVU2534
.LBB1708:
.LBI1684:
	.loc 1 266 20 view .LVU2535
.LBB1705:
	.loc 1 267 5 view .LVU2536
.LBB1700:
.LBI1697:
	.loc 1 79 24 view .LVU2537
.LBB1699:
	.loc 1 80 5 view .LVU2538
	.loc 1 81 5 view .LVU2539
	.loc 1 81 11 is_stmt 0 view .LVU2540
	call	clock_gettime@PLT
.LVL705:
	.loc 1 82 5 is_stmt 1 view .LVU2541
	.loc 1 82 64 is_stmt 0 view .LVU2542
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2543
	imulq	$1000, 48(%rsp), %rcx
	movq	%r15, %r13
	movq	%r14, %r15
.LVL706:
	.loc 1 82 64 view .LVU2544
	shrq	$18, %rdx
.LBE1699:
.LBE1700:
	.loc 1 267 14 view .LVU2545
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL707:
	.loc 1 267 14 view .LVU2546
	jmp	.L527
.LVL708:
	.p2align 4,,10
	.p2align 3
.L535:
.LBB1701:
	.loc 1 275 9 is_stmt 1 view .LVU2547
	.loc 1 275 12 is_stmt 0 view .LVU2548
	movl	56(%r13), %eax
	testl	%eax, %eax
	js	.L540
.LBB1694:
.LBI1694:
	.loc 1 79 24 is_stmt 1 view .LVU2549
.LBB1695:
	.loc 1 80 5 view .LVU2550
	.loc 1 81 5 view .LVU2551
	.loc 1 81 11 is_stmt 0 view .LVU2552
	movq	%r15, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL709:
	.loc 1 82 5 is_stmt 1 view .LVU2553
	.loc 1 82 64 is_stmt 0 view .LVU2554
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2555
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2556
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2557
	addq	%rdx, %rcx
.LBE1695:
.LBE1694:
	.loc 1 275 28 view .LVU2558
	cmpq	%rcx, 8(%rsp)
	jnb	.L541
.L540:
	.loc 1 276 13 is_stmt 1 view .LVU2559
.LVL710:
.LBB1696:
.LBI1687:
	.loc 1 259 20 view .LVU2560
.LBB1693:
	.loc 1 260 5 view .LVU2561
	.loc 1 260 11 is_stmt 0 view .LVU2562
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC28(%rip), %rsi
	call	fprintf@PLT
.LVL711:
	.loc 1 261 5 is_stmt 1 view .LVU2563
.LBB1692:
.LBI1689:
	.loc 1 134 20 view .LVU2564
.LBB1691:
	.loc 1 135 5 view .LVU2565
	.loc 1 135 11 is_stmt 0 view .LVU2566
	cmpq	$0, 72(%r13)
	movq	%rbp, %r9
	je	.L539
	movq	64(%r13), %r9
.L539:
	.loc 1 135 11 view .LVU2567
	cmpq	$0, 24(%r13)
	movq	%rbp, %r8
	je	.L542
	movq	16(%r13), %r8
.L542:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC29(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL712:
	.loc 1 135 11 view .LVU2568
.LBE1691:
.LBE1692:
	.loc 1 262 5 is_stmt 1 view .LVU2569
	movq	(%rsp), %rdi
	movl	$262, %esi
	call	_fail@PLT
.LVL713:
.L541:
	.loc 1 262 5 is_stmt 0 view .LVU2570
.LBE1693:
.LBE1696:
	.loc 1 278 9 is_stmt 1 view .LVU2571
	.loc 1 278 15 is_stmt 0 view .LVU2572
	movl	$1000, %esi
	movl	$-1, %edi
	call	process_pump.isra.0
.LVL714:
.LBE1701:
	.loc 1 268 5 is_stmt 1 view .LVU2573
.L527:
	.loc 1 268 5 view .LVU2574
.LBB1702:
	.loc 1 269 9 view .LVU2575
	.loc 1 269 76 is_stmt 0 view .LVU2576
	cmpq	$0, 72(%r13)
	je	.L535
	.loc 1 269 69 view .LVU2577
	movq	88(%r13), %r14
	.loc 1 269 76 view .LVU2578
	movq	64(%r13), %r12
	.loc 1 270 29 view .LVU2579
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU2580
	addq	%r14, %r12
.LVL715:
	.loc 1 270 9 is_stmt 1 view .LVU2581
	.loc 1 270 29 is_stmt 0 view .LVU2582
	movq	%r12, %rdi
	call	strstr@PLT
.LVL716:
	.loc 1 271 9 is_stmt 1 view .LVU2583
	.loc 1 271 12 is_stmt 0 view .LVU2584
	testq	%rax, %rax
	je	.L535
	.loc 1 272 13 is_stmt 1 view .LVU2585
	.loc 1 272 44 is_stmt 0 view .LVU2586
	subq	%r12, %rax
.LVL717:
	.loc 1 272 44 view .LVU2587
.LBE1702:
.LBE1705:
.LBE1708:
.LBE1712:
	.loc 7 197 5 view .LVU2588
	movq	broker(%rip), %rbx
.LBB1713:
.LBB1714:
.LBB1715:
.LBB1716:
	.loc 1 305 5 view .LVU2589
	movl	$15, %esi
.LBE1716:
.LBE1715:
.LBE1714:
.LBE1713:
.LBB1720:
.LBB1709:
.LBB1706:
.LBB1703:
	.loc 1 272 26 view .LVU2590
	leaq	23(%r14,%rax), %rax
	movq	%rax, 88(%r13)
	.loc 1 273 13 is_stmt 1 view .LVU2591
.LVL718:
	.loc 1 273 13 is_stmt 0 view .LVU2592
.LBE1703:
.LBE1706:
.LBE1709:
.LBE1720:
	.loc 7 197 5 is_stmt 1 view .LVU2593
.LBB1721:
.LBI1713:
	.loc 1 338 20 view .LVU2594
.LBB1719:
	.loc 1 339 5 view .LVU2595
.LBB1718:
.LBI1715:
	.loc 1 304 20 view .LVU2596
.LBB1717:
	.loc 1 305 5 view .LVU2597
	movl	(%rbx), %edi
	call	kill@PLT
.LVL719:
	movq	(%rsp), %rdx
	xorl	%esi, %esi
	movl	$305, %ecx
	movslq	%eax, %rdi
	call	_assert_int_equal@PLT
.LVL720:
	.loc 1 305 5 is_stmt 0 view .LVU2598
.LBE1717:
.LBE1718:
	.loc 1 340 5 is_stmt 1 view .LVU2599
	xorl	%esi, %esi
	movq	%rbx, %rdi
	call	process_assert_code
.LVL721:
	.loc 1 340 5 is_stmt 0 view .LVU2600
.LBE1719:
.LBE1721:
	.loc 7 198 5 is_stmt 1 view .LVU2601
	movq	16(%rsp), %rax
	movl	(%rax), %edi
	call	close@PLT
.LVL722:
	.loc 7 199 5 view .LVU2602
	movq	680(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L584
	movq	24(%rsp), %rax
	movl	(%rax), %edi
	.loc 7 200 1 is_stmt 0 view .LVU2603
	addq	$696, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
.LVL723:
	.loc 7 200 1 view .LVU2604
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
	.loc 7 199 5 view .LVU2605
	jmp	close@PLT
.LVL724:
	.p2align 4,,10
	.p2align 3
.L519:
	.cfi_restore_state
.LBB1722:
.LBB1607:
.LBB1603:
.LBB1599:
	.loc 1 239 16 is_stmt 1 view .LVU2606
	.loc 1 239 19 is_stmt 0 view .LVU2607
	je	.L522
	.loc 1 239 32 view .LVU2608
	call	__errno_location@PLT
.LVL725:
	.loc 1 239 32 view .LVU2609
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU2610
	cmpl	$11, %eax
	je	.L522
	cmpl	$4, %eax
	jne	.L