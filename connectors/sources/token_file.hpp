// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Small private files that survive a power cut. Failures name the path: needs_person where an
/// admin must act (permissions, a missing folder), transient for the rest.
namespace nudged::sources {

/// Closes itself.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();
    int get() const { return number_; }
    bool is_open() const { return number_ >= 0; }
    int release();

private:
    int number_;
};

[[noreturn]] void fail_on_file(const std::string& path, std::string_view verb, int error);

/// What root makes would be closed to the service's own user: it is given to whom the folder
/// belongs. Does nothing for anybody else.
void give_to_owner_of_folder(int descriptor, const std::string& path);

/// The bytes of a file that only its owner may read; nullopt when there is none.
std::optional<std::string> read_private_file(const std::string& path);
/// Creates or truncates `path`, mode 0600, writes it through to the disk.
void write_private_file(const std::string& path, std::string_view bytes);
/// Makes renames and links inside a folder survive.
void sync_folder(const std::string& path);
/// A folder of mode 0700 that belongs to the owner of the one around it.
void make_private_folder(const std::string& path);

}  // namespace nudged::sources
