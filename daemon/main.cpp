// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/cli.hpp"

int main(int argc, char** argv) {
    return nudged::cli::run(argc, argv);
}
