// swift-tools-version:5.9

import PackageDescription

let package = Package(
    name: "reset-password",
    platforms: [.macOS(.v12)],
    products: [
        .library(name: "ResetPassword", targets: ["ResetPassword"])
    ],
    targets: [
        .systemLibrary(name: "ResetPasswordFFI"),
        .target(
            name: "ResetPassword",
            dependencies: ["ResetPasswordFFI"],
            linkerSettings: [
                .unsafeFlags(["-L\(Context.packageDirectory)/Libraries"]),
                .linkedLibrary("reset_password_uniffi"),
                .linkedLibrary("dl", .when(platforms: [.linux])),
                .linkedLibrary("m", .when(platforms: [.linux])),
                .linkedLibrary("pthread", .when(platforms: [.linux])),
            ]
        ),
        .testTarget(name: "ResetPasswordTests", dependencies: ["ResetPassword"]),
    ]
)
