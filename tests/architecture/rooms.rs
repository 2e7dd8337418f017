//! The table of who may import whom, as in `ARCHITECTURE.md`.

/// A room, and what its files may not name. A single word is a crate; `a::b` is a path, or any part of one.
pub(crate) struct Room {
    /// Its folder, or its one file.
    pub(crate) at: &'static str,
    /// The only crates it may name, if they are counted; `std` is always among them.
    pub(crate) only: Option<&'static [&'static str]>,
    /// What else it may not name.
    pub(crate) never: &'static [&'static str],
    /// The one file in which something of that is allowed after all.
    pub(crate) except: Option<(&'static str, &'static str)>,
    /// Why, for whoever has run into the wall.
    pub(crate) because: &'static str,
}

/// Crates that a room's own tests may name besides; SQL to set their stage.
pub(crate) const IN_TESTS: &[&str] = &["egui_kittest", "proptest", "serde_json", "sqlx", "tempfile", "uuid"];

/// What the pure rooms may not name in `std` and of clocks.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "std::env",
    "std::process",
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
];

/// The rooms. Where two rows speak of one room, both hold.
pub(crate) const ROOMS: &[Room] = &[
    Room {
        at: "protocol/src",
        only: Some(&["chrono", "serde", "thiserror", "utoipa", "uuid"]),
        never: OUTSIDE,
        except: None,
        because: "the protocol is words alone: no I/O, no clock",
    },
    Room {
        at: "src/desk",
        only: Some(&["chrono", "thiserror", "waxwing_protocol"]),
        never: &["crate::app", "crate::config", "crate::platform", "crate::service", "crate::ui"],
        except: None,
        because: "the desk thinks and does nothing else: time is an argument, what is to be done comes back as effects",
    },
    Room {
        at: "src/desk",
        only: None,
        never: OUTSIDE,
        except: None,
        because: "the desk touches nothing outside itself",
    },
    Room {
        at: "src/service",
        only: None,
        never: &[
            "axum",
            "clap",
            "eframe",
            "egui",
            "egui_extras",
            "open",
            "rfd",
            "rodio",
            "waxwing_gateway",
            "winit",
            "crate::app",
            "crate::platform",
            "crate::ui",
        ],
        except: None,
        because: "the service acts without knowing who looks: it reaches the window through its waker alone",
    },
    Room {
        at: "src/ui",
        only: None,
        never: &[
            "axum",
            "clap",
            "directories",
            "eframe",
            "keyring",
            "open",
            "reqwest",
            "rfd",
            "rodio",
            "sqlx",
            "tokio",
            "waxwing_gateway",
            "winit",
            "crate::app",
            "crate::platform",
            "crate::service",
        ],
        except: None,
        because: "the ui shows a desk and returns actions; what it wants done, the app does",
    },
    Room {
        at: "src/ui",
        only: None,
        never: OUTSIDE,
        except: None,
        because: "a frame never waits for anything",
    },
    Room {
        at: "src/platform",
        only: Some(&[
            "encoding_rs",
            "keyring",
            "open",
            "rfd",
            "rodio",
            "spellbook",
            "sys_locale",
            "thiserror",
            "tracing",
            "unicode_script",
            "unicode_segmentation",
            "url",
        ]),
        never: &["crate::app", "crate::config", "crate::desk", "crate::service", "crate::ui"],
        except: None,
        because: "the platform is told what to do in plain values and knows nothing of the program",
    },
    Room {
        at: "src/config.rs",
        only: None,
        never: &["eframe", "egui", "crate::app", "crate::platform", "crate::service", "crate::ui"],
        except: None,
        because: "settings are values; whoever uses them comes later",
    },
    Room {
        at: "gateway/src/routes",
        only: None,
        never: &["reqwest", "sqlx", "crate::simulator", "crate::whatsapp"],
        except: Some(("gateway/src/routes/webhook.rs", "crate::whatsapp")),
        because: "a route is thin: it reads the request, asks `handling`, and writes the reply",
    },
    Room {
        at: "gateway/src/handling",
        only: None,
        never: &[
            "axum",
            "reqwest",
            "sqlx",
            "tower",
            "tower_http",
            "utoipa_axum",
            "crate::routes",
            "crate::simulator",
            "crate::whatsapp::cloud_api",
        ],
        except: None,
        because: "what the gateway decides knows neither HTTP nor SQL",
    },
    Room {
        at: "gateway/src/whatsapp",
        only: None,
        never: &[
            "axum",
            "sqlx",
            "crate::handling",
            "crate::outbox",
            "crate::routes",
            "crate::simulator",
            "crate::store",
        ],
        except: None,
        because: "their side of the wire is read and written here, and nothing is decided",
    },
    Room {
        at: "gateway/src/store",
        only: None,
        never: &["axum", "reqwest", "crate::handling", "crate::routes", "crate::simulator"],
        except: None,
        because: "the store keeps what it is told",
    },
    Room {
        at: "gateway/src/simulator",
        only: None,
        never: &[
            "sqlx",
            "crate::handling",
            "crate::outbox",
            "crate::routes",
            "crate::store",
            "crate::whatsapp",
        ],
        except: None,
        because: "the simulated WhatsApp is another company's server: sharing code with the gateway would share its errors",
    },
];
