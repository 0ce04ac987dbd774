// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/disk_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>

namespace nudged::tests {
namespace {

struct Connection;

/// What connections share of one database: SQLite's locks of a file, and of its log's index.
struct Shared {
    int level_holders = 0;  // with at least a shared lock
    const Connection* reserved = nullptr;
    const Connection* exclusive = nullptr;
    struct Slot {
        int shared = 0;
        const Connection* exclusive = nullptr;
    };
    std::array<Slot, SQLITE_SHM_NLOCK> slots;
    std::vector<std::unique_ptr<std::string>> regions;
    int index_users = 0;
};

struct Mounted {
    Disk* disk = nullptr;
    std::mutex mutex;
    std::map<int, Shared> shared;
};
Mounted mounted;

/// An open file; SQLite's own part comes first.
struct Connection {
    sqlite3_file base;
    int file;
    int lock;
    int persists_log;
    bool uses_index;
    std::array<char, SQLITE_SHM_NLOCK> holds;  // 0, 's' or 'x'
    std::string* removed_at_close;
};

Connection& of(sqlite3_file* file) {
    return *reinterpret_cast<Connection*>(file);
}

Shared& shared_of(const Connection& connection) {
    return mounted.shared[connection.file];
}

int failed(int code) {
    switch (mounted.disk->fault_kind()) {
    case DiskFault::Kind::full: errno = ENOSPC; break;
    case DiskFault::Kind::read_only: errno = EROFS; break;
    default: errno = EIO;
    }
    return code;
}

int close(sqlite3_file* file) {
    auto& connection = of(file);
    if (connection.removed_at_close) mounted.disk->remove(*connection.removed_at_close, false);
    delete connection.removed_at_close;
    connection.removed_at_close = nullptr;
    return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int length, sqlite3_int64 offset) {
    std::int64_t got = 0;
    if (!mounted.disk->read(of(file).file, static_cast<char*>(to), length, offset, got))
        return failed(SQLITE_IOERR_READ);
    if (got == length) return SQLITE_OK;
    std::memset(static_cast<char*>(to) + got, 0, static_cast<std::size_t>(length - got));
    return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* bytes, int length, sqlite3_int64 offset) {
    const std::string_view view{static_cast<const char*>(bytes), static_cast<std::size_t>(length)};
    if (mounted.disk->write(of(file).file, view, offset)) return SQLITE_OK;
    return failed(mounted.disk->fault_kind() == DiskFault::Kind::full ? SQLITE_FULL
                                                                      : SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    return mounted.disk->truncate(of(file).file, size) ? SQLITE_OK : failed(SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* file, int) {
    return mounted.disk->sync(of(file).file) ? SQLITE_OK : failed(SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    *size = mounted.disk->size(of(file).file);
    return SQLITE_OK;
}

int lock(sqlite3_file* file, int level) {
    auto& mine = of(file);
    const std::lock_guard guard{mounted.mutex};
    auto& all = shared_of(mine);
    const auto by_other = [&](const Connection* holder) { return holder && holder != &mine; };
    if (mine.lock >= level) return SQLITE_OK;
    if (by_other(all.exclusive)) return SQLITE_BUSY;
    if (level >= SQLITE_LOCK_RESERVED && by_other(all.reserved)) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_EXCLUSIVE && all.level_holders > 1) return SQLITE_BUSY;
    if (mine.lock == SQLITE_LOCK_NONE) ++all.level_holders;
    if (level >= SQLITE_LOCK_RESERVED) all.reserved = &mine;
    if (level == SQLITE_LOCK_EXCLUSIVE) all.exclusive = &mine;
    mine.lock = level;
    return SQLITE_OK;
}

int unlock(sqlite3_file* file, int level) {
    auto& mine = of(file);
    const std::lock_guard guard{mounted.mutex};
    auto& all = shared_of(mine);
    if (mine.lock <= level) return SQLITE_OK;
    if (all.exclusive == &mine) all.exclusive = nullptr;
    if (all.reserved == &mine) all.reserved = nullptr;
    if (level == SQLITE_LOCK_NONE) --all.level_holders;
    mine.lock = level;
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* file, int* is_reserved) {
    const std::lock_guard guard{mounted.mutex};
    *is_reserved = shared_of(of(file)).reserved != nullptr ? 1 : 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file* file, int which, void* argument) {
    if (which != SQLITE_FCNTL_PERSIST_WAL) return SQLITE_NOTFOUND;
    auto& value = *static_cast<int*>(argument);
    if (value < 0)
        value = of(file).persists_log;
    else
        of(file).persists_log = value;
    return SQLITE_OK;
}

int sector_size(sqlite3_file*) {
    return 4096;
}

/// What SQLite's own file system on Unix says of itself: a write leaves the bytes beside it alone.
int device_characteristics(sqlite3_file*) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int map_index(sqlite3_file* file, int region, int size, int extend, volatile void** at) {
    auto& mine = of(file);
    const std::lock_guard guard{mounted.mutex};
    auto& all = shared_of(mine);
    if (!std::exchange(mine.uses_index, true)) ++all.index_users;
    *at = nullptr;
    const auto wanted = static_cast<std::size_t>(region) + 1;
    if (all.regions.size() < wanted && !extend) return SQLITE_OK;
    while (all.regions.size() < wanted)
        all.regions.push_back(std::make_unique<std::string>(static_cast<std::size_t>(size), '\0'));
    *at = all.regions[wanted - 1]->data();
    return SQLITE_OK;
}

int lock_index(sqlite3_file* file, int first, int count, int flags) {
    auto& mine = of(file);
    const std::lock_guard guard{mounted.mutex};
    auto& slots = shared_of(mine).slots;
    const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    const auto begin = static_cast<std::size_t>(first),
               end = begin + static_cast<std::size_t>(count);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        for (auto i = begin; i < end; ++i) {
            if (mine.holds[i] == 's') --slots[i].shared;
            if (mine.holds[i] == 'x') slots[i].exclusive = nullptr;
            mine.holds[i] = 0;
        }
        return SQLITE_OK;
    }
    for (auto i = begin; i < end; ++i) {
        const int others = slots[i].shared - (mine.holds[i] == 's' ? 1 : 0);
        if (slots[i].exclusive && slots[i].exclusive != &mine) return SQLITE_BUSY;
        if (exclusive && others > 0) return SQLITE_BUSY;
    }
    for (auto i = begin; i < end; ++i) {
        if (!exclusive && mine.holds[i] != 's') ++slots[i].shared;
        if (exclusive) slots[i].exclusive = &mine;
        mine.holds[i] = exclusive ? 'x' : 's';
    }
    return SQLITE_OK;
}

void barrier(sqlite3_file*) {
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

int unmap_index(sqlite3_file* file, int) {
    auto& mine = of(file);
    const std::lock_guard guard{mounted.mutex};
    auto& all = shared_of(mine);
    if (std::exchange(mine.uses_index, false) && --all.index_users == 0) all.regions.clear();
    return SQLITE_OK;
}

const sqlite3_io_methods methods{.iVersion = 2,
                                 .xClose = close,
                                 .xRead = read,
                                 .xWrite = write,
                                 .xTruncate = truncate,
                                 .xSync = sync,
                                 .xFileSize = file_size,
                                 .xLock = lock,
                                 .xUnlock = unlock,
                                 .xCheckReservedLock = check_reserved_lock,
                                 .xFileControl = file_control,
                                 .xSectorSize = sector_size,
                                 .xDeviceCharacteristics = device_characteristics,
                                 .xShmMap = map_index,
                                 .xShmLock = lock_index,
                                 .xShmBarrier = barrier,
                                 .xShmUnmap = unmap_index,
                                 .xFetch = nullptr,
                                 .xUnfetch = nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto* connection = new (file) Connection{};
    const auto found = name ? mounted.disk->open(name, (flags & SQLITE_OPEN_CREATE) != 0)
                            : mounted.disk->open_unnamed();
    if (!found) return failed(SQLITE_CANTOPEN);
    connection->file = *found;
    connection->base.pMethods = &methods;
    if (name && (flags & SQLITE_OPEN_DELETEONCLOSE) != 0)
        connection->removed_at_close = new std::string{name};
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* name, int sync_folder) {
    return mounted.disk->remove(name, sync_folder != 0) ? SQLITE_OK : failed(SQLITE_IOERR_DELETE);
}

int access(sqlite3_vfs*, const char* name, int, int* is_there) {
    *is_there = mounted.disk->exists(name) ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* to) {
    sqlite3_snprintf(size, to, "%s", name);
    return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) {
    return errno;
}

/// Clock, sleep and chance are the system's.
sqlite3_vfs make_vfs() {
    sqlite3_vfs vfs = *sqlite3_vfs_find("unix");
    vfs.szOsFile = sizeof(Connection);
    vfs.pNext = nullptr;
    vfs.zName = "disk";
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = access;
    vfs.xFullPathname = full_path;
    vfs.xGetLastError = last_error;
    return vfs;
}

sqlite3_vfs& vfs() {
    static sqlite3_vfs one = make_vfs();
    return one;
}

}  // namespace

DiskVfs::DiskVfs(Disk& disk) {
    mounted.disk = &disk;
    sqlite3_vfs_register(&vfs(), 1);
}

DiskVfs::~DiskVfs() {
    sqlite3_vfs_unregister(&vfs());
    mounted.shared.clear();
    mounted.disk = nullptr;
}

}  // namespace nudged::tests
