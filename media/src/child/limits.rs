//! What the child gives up before it reads the first byte. None of it can be had back.

use std::io;

/// What every program of ours takes before it decodes anything, and what decoding may take beyond: in bytes of addresses.
#[cfg(unix)]
const MAX_MEMORY: u64 = (256 + 512) * 1024 * 1024;

/// What a job may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    /// Seconds of the processor.
    pub(super) processor_seconds: u64,
    /// The highest number of a descriptor, to read a file in two places at once; 0 where none is opened.
    pub(super) descriptors: u64,
}

/// Gives up what decoding doesn't take. What fails here is a reason not to begin.
#[cfg(unix)]
pub(super) fn confine(allowance: Allowance) -> io::Result<()> {
    use rlimit::Resource;

    let limits = [
        (Resource::AS, MAX_MEMORY),
        (Resource::CPU, allowance.processor_seconds),
        (Resource::CORE, 0),
        (Resource::FSIZE, 0),
        // Without new descriptors no file is opened and no connection made.
        (Resource::NOFILE, allowance.descriptors),
        // No new process; this one does not bind the super-user.
        (Resource::NPROC, 0),
    ];
    for (resource, limit) in limits {
        let (_soft, hard) = resource.get().unwrap_or((limit, limit));
        let limit = limit.min(hard);
        // The soft limit of processor time ends a process with a signal of its own, which tells it from all others.
        let hard = if resource == Resource::CPU { hard.min(limit + 1) } else { limit };
        match resource.set(limit, hard) {
            // Some systems know the name of a limit and refuse it.
            Err(error) if cfg!(target_os = "linux") => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    filter_calls()
}

/// Nothing can be given up here without more than the standard library: the parent's limits have to do.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
pub(super) fn confine(_allowance: Allowance) -> io::Result<()> {
    Ok(())
}

#[cfg(all(unix, not(target_os = "linux")))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn filter_calls() -> io::Result<()> {
    Ok(())
}

/// From here on the kernel answers "not permitted" to every call but those below (seccomp(2)).
#[cfg(target_os = "linux")]
fn filter_calls() -> io::Result<()> {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

    let refused = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    let system = std::env::consts::ARCH.try_into().map_err(io::Error::other)?;
    let filter =
        SeccompFilter::new(allowed_calls().map_err(io::Error::other)?, refused, SeccompAction::Allow, system);
    let program: BpfProgram = filter.and_then(TryInto::try_into).map_err(io::Error::other)?;
    seccompiler::apply_filter(&program).map_err(io::Error::other)
}

/// Reading what is open, writing to the standard output, memory, the clock, and coming to an end.
#[cfg(target_os = "linux")]
fn allowed_calls()
-> Result<std::collections::BTreeMap<i64, Vec<seccompiler::SeccompRule>>, seccompiler::BackendError> {
    use seccompiler::{SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, SeccompCondition, SeccompRule};

    let first = |value: u32| SeccompRule::new(vec![SeccompCondition::new(0, Dword, Eq, value.into())?]);
    let anyhow = [
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_pread64,
        libc::SYS_lseek,
        libc::SYS_fstat,
        libc::SYS_newfstatat,
        libc::SYS_statx,
        libc::SYS_close,
        libc::SYS_brk,
        libc::SYS_mmap,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_mprotect,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_getrandom,
        libc::SYS_clock_gettime,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_sigaltstack,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];
    let mut allowed: std::collections::BTreeMap<_, _> =
        anyhow.into_iter().map(|call| (call, Vec::new())).collect();
    for write in [libc::SYS_write, libc::SYS_writev] {
        allowed.insert(write, vec![first(1)?, first(2)?]);
    }
    // The file that is open may be opened once more, for itself.
    let duplicate = SeccompCondition::new(1, Dword, Eq, u64::from(libc::F_DUPFD_CLOEXEC.cast_unsigned()))?;
    allowed.insert(libc::SYS_fcntl, vec![SeccompRule::new(vec![duplicate])?]);
    // How a process ends itself when memory runs out.
    allowed.insert(libc::SYS_tgkill, vec![first(std::process::id())?]);
    Ok(allowed)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::{
        fs::File,
        io::{ErrorKind, Read as _},
        net::{TcpStream, UdpSocket},
        process::Command,
    };

    use super::*;

    /// Says to the copy of this program what to do.
    const CONFINED: &str = "WAXWING_TEST_CONFINED";

    /// Runs one test of this program again, in a process that is to confine itself.
    fn again(test: &str) -> std::process::Output {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", &format!("child::limits::tests::{test}"), "--nocapture", "--test-threads=1"]);
        child.env(CONFINED, "1").output().unwrap()
    }

    /// What is written into a process that is confined from then on; it ends without a word of the test harness.
    fn confined(descriptors: u64, probe: impl FnOnce(File) -> bool) {
        let open = File::open(std::env::current_exe().unwrap()).unwrap();
        confine(Allowance { processor_seconds: 60, descriptors }).unwrap();
        std::process::exit(if probe(open) { 42 } else { 43 });
    }

    #[test]
    fn a_confined_process_reads_what_is_open_and_reaches_nothing_else() {
        if std::env::var_os(CONFINED).is_none() {
            let output = again("a_confined_process_reads_what_is_open_and_reaches_nothing_else");
            assert_eq!(output.status.code(), Some(42), "{}", String::from_utf8_lossy(&output.stderr));
            return;
        }
        // Whatever the limits hold, the kernel's filter holds as well.
        confined(1000, |mut open| {
            let mut begin = [0; 4];
            let reads = open.read_exact(&mut begin).is_ok() && begin == *b"\x7fELF";
            let refused = [
                File::open("/etc/hostname").err(),
                File::create("/tmp/waxwing-confined").err(),
                std::fs::read_dir("/").err(),
                std::fs::remove_file("/tmp/waxwing-confined").err(),
                TcpStream::connect("127.0.0.1:9").err(),
                UdpSocket::bind("127.0.0.1:0").err(),
                Command::new("/bin/true").spawn().err(),
            ];
            for error in &refused {
                eprintln!("{error:?}");
            }
            let by_the_filter = |error: &io::Error| error.kind() == ErrorKind::PermissionDenied;
            reads && refused.iter().all(|error| error.as_ref().is_some_and(by_the_filter))
        });
    }

    #[test]
    fn a_confined_process_has_only_so_much_memory_and_no_descriptors() {
        if std::env::var_os(CONFINED).is_none() {
            let output = again("a_confined_process_has_only_so_much_memory_and_no_descriptors");
            assert_eq!(output.status.code(), Some(42), "{}", String::from_utf8_lossy(&output.stderr));
            return;
        }
        confined(0, |open| {
            let room = |megabytes: usize| Vec::<u8>::new().try_reserve_exact(megabytes * 1024 * 1024).is_ok();
            room(400) && !room(800) && open.try_clone().is_err()
        });
    }
}
