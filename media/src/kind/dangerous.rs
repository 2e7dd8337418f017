//! Extensions whose files run, or make something run, when they are opened.

/// Whether files of this extension are dangerous; without the dot, in any case.
///
/// After the attachments that Outlook blocks and the dangerous files of Chromium's `download_file_types`, with those of
/// Linux and macOS beside them.
pub fn is_dangerous_extension(extension: &str) -> bool {
    DANGEROUS.split(' ').any(|dangerous| dangerous.eq_ignore_ascii_case(extension))
}

const DANGEROUS: &str = "ade adp apk app appimage application appref-ms appx appxbundle asp aspx bas bash bat cer chm class \
    cmd cnt com command cpl crt csh deb der desktop diagcab dll dmg drv elf exe fish fxp gadget grp hlp \
    hpj hta htm html img inf ins ipa iqy iso isp jar jnlp js jse jsp ksh library-ms lnk mad maf mag mam \
    maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw mdz mht mhtml mpkg msc msh msh1 msh2 mshxml msi \
    msix msixbundle msp mst msu one ops osd pcd php pif pkg pl plg prf prg printerexport ps1 ps1xml ps2 \
    ps2xml psc1 psc2 psd1 psdm1 psm1 pst py pyc pyo pyw pyz pyzw rb reg rpm run scf scpt scr sct \
    search-ms settingcontent-ms sh shb shs shtml slk snap so svg svgz sys theme tmp url vb vbe vbp vbs \
    vhd vhdx vsmacros vsto vsw vxd wasm webpnp website wim ws wsb wsc wsf wsh xbap xht xhtml xla xlam \
    xll xnk xpi zsh";
