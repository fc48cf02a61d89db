//! What the systems do differently about files.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::host::facts::seconds;

/// What we want to know of a file.
#[derive(Clone, Copy)]
pub(super) struct Stat {
    /// Permission bits, lower twelve; 0 where the system has none.
    pub(super) mode: u32,
    /// Whether it belongs to this user, or the system cannot say.
    pub(super) ours: bool,
    /// How many names it has.
    pub(super) links: u64,
    /// Its group.
    pub(super) group: u32,
    /// Device and number; `None` where the system has none.
    pub(super) number: Option<(u64, u64)>,
}

/// What an open file is, asked in one call.
pub(super) struct About {
    pub(super) kind: Kind,
    pub(super) size: u64,
    /// When it was last written, in unix seconds, where the system says so.
    pub(super) modified: Option<i64>,
    pub(super) stat: Stat,
    /// Whether it is itself mounted, as containers do: it cannot be replaced.
    pub(super) is_mount: bool,
}

/// What kind of file it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    /// A pipe, a device.
    Other,
}

impl About {
    fn of(about: &Metadata) -> Self {
        Self {
            kind: match about {
                _ if about.is_file() => Kind::File,
                _ if about.is_dir() => Kind::Folder,
                _ => Kind::Other,
            },
            size: about.len(),
            modified: about.modified().ok().map(seconds),
            stat: stat(about),
            is_mount: false,
        }
    }
}

/// Makes a folder and those above it that are missing, all 0700 under any umask.
pub(super) fn private_folder(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(about) if about.is_dir() => return Ok(()),
        Ok(_) => return Err(ErrorKind::NotADirectory.into()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        private_folder(parent)?;
    }
    match make_folder(path).and_then(|()| open_up(path)) {
        Ok(()) => parent.map_or(Ok(()), sync_folder),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// A path without any link in it. The kernel knows that of an open file: three calls, where
/// looking at each folder on the way is one for each.
#[cfg(target_os = "linux")]
pub(super) fn real(path: &Path) -> io::Result<PathBuf> {
    use std::os::fd::AsRawFd;

    use rustix::fs::{Mode, OFlags, open};

    let file = open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
    match fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())) {
        // What was removed meanwhile, or lies outside of our root, has words added to it.
        Ok(real) if real.is_absolute() && !real.as_os_str().as_encoded_bytes().ends_with(b")") => {
            Ok(real)
        }
        _ => fs::canonicalize(path),
    }
}

/// A path without any link in it.
#[cfg(not(target_os = "linux"))]
pub(super) fn real(path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(path)
}

#[cfg(unix)]
mod inner {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
    use std::sync::OnceLock;

    use rustix::fs::{Gid, OFlags, StatVfsMountFlags};

    use super::{About, File, Kind, Metadata, OpenOptions, Path, Stat, SystemTime, fs, io};

    /// Whom new files belong to.
    fn user() -> u32 {
        static USER: OnceLock<u32> = OnceLock::new();
        *USER.get_or_init(|| rustix::process::geteuid().as_raw())
    }

    pub(in super::super) fn stat(about: &Metadata) -> Stat {
        Stat {
            mode: about.mode() & 0o7777,
            ours: about.uid() == user(),
            links: about.nlink(),
            group: about.gid(),
            number: Some(identity(about)),
        }
    }

    /// Opened without following a link, made 0600.
    pub(in super::super) fn private(options: &mut OpenOptions) {
        options.mode(0o600).custom_flags(no_follow());
    }

    /// Opened without following a link, and without waiting for the other end of a pipe.
    pub(in super::super) fn plain(options: &mut OpenOptions) {
        options.custom_flags(no_follow());
    }

    #[expect(
        clippy::cast_possible_wrap,
        reason = "a set of bits, as open(2) takes it"
    )]
    fn no_follow() -> i32 {
        (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32
    }

    pub(in super::super) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
        file.set_permissions(fs::Permissions::from_mode(mode))
    }

    /// Makes temporary files with this mode, less the umask.
    pub(in super::super) fn temp_mode(temp: &mut tempfile::Builder<'_, '_>, mode: u32) {
        temp.permissions(fs::Permissions::from_mode(mode));
    }

    /// Gives a file a group; says whether it has it now.
    pub(in super::super) fn set_group(file: &File, group: u32) -> bool {
        let has = file.metadata().map(|about| about.gid());
        has.is_ok_and(|has| has == group)
            || rustix::fs::fchown(file, None, Some(Gid::from_raw(group))).is_ok()
    }

    /// What a name stands for: device and number.
    pub(in super::super) type Identity = (u64, u64);

    pub(in super::super) fn identity(about: &Metadata) -> Identity {
        (about.dev(), about.ino())
    }

    /// A folder, to be touched later, whatever its name then stands for.
    pub(in super::super) fn open_folder(path: &Path) -> io::Result<File> {
        File::open(path)
    }

    pub(in super::super) fn touch(folder: &File) -> io::Result<()> {
        folder.set_modified(SystemTime::now())
    }

    /// Makes a folder of at most 0700.
    pub(in super::super) fn make_folder(path: &Path) -> io::Result<()> {
        fs::DirBuilder::new().mode(0o700).create(path)
    }

    /// Makes a new folder 0700, whatever the umask took away.
    pub(in super::super) fn open_up(folder: &Path) -> io::Result<()> {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
    }

    /// Puts the names in a folder on the disk. Some file systems cannot, and say
    /// that the call is invalid.
    pub(in super::super) fn sync_folder(path: &Path) -> io::Result<()> {
        match File::open(path)?.sync_all() {
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            synced => synced,
        }
    }

    pub(in super::super) fn is_read_only(file: &File) -> bool {
        rustix::fs::fstatvfs(file)
            .is_ok_and(|about| about.f_flag.contains(StatVfsMountFlags::RDONLY))
    }

    #[cfg(target_os = "linux")]
    pub(in super::super) fn about(file: &File) -> io::Result<About> {
        use rustix::fs::{AtFlags, FileType, StatxAttributes, StatxFlags, makedev, statx};
        // An old kernel, or what stands for one, does not know this call.
        let Ok(about) = statx(file, "", AtFlags::EMPTY_PATH, StatxFlags::BASIC_STATS) else {
            return Ok(About::of(&file.metadata()?));
        };
        let mode = u32::from(about.stx_mode);
        let device = makedev(about.stx_dev_major, about.stx_dev_minor);
        Ok(About {
            kind: match FileType::from_raw_mode(mode) {
                FileType::RegularFile => Kind::File,
                FileType::Directory => Kind::Folder,
                _ => Kind::Other,
            },
            size: about.stx_size,
            modified: Some(about.stx_mtime.tv_sec),
            stat: Stat {
                mode: mode & 0o7777,
                ours: about.stx_uid == user(),
                links: about.stx_nlink.into(),
                group: about.stx_gid,
                number: Some((device, about.stx_ino)),
            },
            is_mount: about.stx_attributes.contains(StatxAttributes::MOUNT_ROOT),
        })
    }

    #[cfg(not(target_os = "linux"))]
    pub(in super::super) fn about(file: &File) -> io::Result<About> {
        Ok(About::of(&file.metadata()?))
    }

    pub(in super::super) fn is_busy(_error: &io::Error) -> bool {
        false
    }
}

#[cfg(not(unix))]
mod inner {
    use super::{About, File, Metadata, OpenOptions, Path, Stat, SystemTime, fs, io};

    pub(in super::super) fn stat(_about: &Metadata) -> Stat {
        Stat {
            mode: 0,
            ours: true,
            links: 1,
            group: 0,
            number: None,
        }
    }

    pub(in super::super) fn private(_options: &mut OpenOptions) {}

    pub(in super::super) fn plain(_options: &mut OpenOptions) {}

    pub(in super::super) fn set_mode(_file: &File, _mode: u32) -> io::Result<()> {
        Ok(())
    }

    pub(in super::super) fn temp_mode(_temp: &mut tempfile::Builder<'_, '_>, _mode: u32) {}

    pub(in super::super) fn set_group(_file: &File, _group: u32) -> bool {
        true
    }

    pub(in super::super) type Identity = ();

    pub(in super::super) fn identity(_about: &Metadata) -> Identity {}

    pub(in super::super) fn open_folder(path: &Path) -> io::Result<File> {
        use std::os::windows::fs::OpenOptionsExt;
        // FILE_FLAG_BACKUP_SEMANTICS, without which a folder cannot be opened.
        OpenOptions::new()
            .write(true)
            .custom_flags(0x0200_0000)
            .open(path)
    }

    pub(in super::super) fn touch(folder: &File) -> io::Result<()> {
        folder.set_modified(SystemTime::now())
    }

    pub(in super::super) fn make_folder(path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    pub(in super::super) fn open_up(_folder: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(in super::super) fn sync_folder(_path: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(in super::super) fn is_read_only(_file: &File) -> bool {
        false
    }

    pub(in super::super) fn about(file: &File) -> io::Result<About> {
        Ok(About::of(&file.metadata()?))
    }

    /// A scanner or the client itself has the file open; that passes.
    pub(in super::super) fn is_busy(error: &io::Error) -> bool {
        matches!(error.raw_os_error(), Some(5 | 32 | 33))
    }
}

pub(super) use self::inner::{
    Identity, about, identity, is_busy, is_read_only, make_folder, open_folder, open_up, plain,
    private, set_group, set_mode, stat, sync_folder, temp_mode, touch,
};
