/** What must become of each entry of the corpus (its MANIFEST.md says what is in it): prepared, or rejected with this code. */
export type Expectation = 'prepared' | { rejected: string };

const rejected = (code: string): Expectation => ({ rejected: code });

/** Keys are paths in the corpus; a folder with playlists counts as one entry, by its master playlist. */
export const CORPUS_EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  'h264_aac_720x480_pig.mp4': 'prepared',
  'fmp4_h264_flower-fragmented.mp4': 'prepared',
  'vp8_70s_sar_tears-of-steel.webm': 'prepared',
  'h264_aac51_720p_bigbuckbunny.mp4': 'prepared',
  'hevc10_hlg_dovi_rot90_vfr_iphone.mp4': 'prepared',
  'av1_10bit_hdr10_portrait.mp4': 'prepared',
  'vp9_10bit_profile2_roadtrip.webm': 'prepared',
  'vp9_161x121_odd_bear.webm': 'prepared',
  'mpeg2_mp2_1080p24_bbb.ts': 'prepared',
  'avi_h264_mp3_bad-length_bbb.avi': 'prepared',
  // A tenth of a second rounds to no grid unit.
  'short_0.1s_hevc10_dovi_rot90.MOV': rejected('too_short'),
  // Valid, but six minutes of black and silence.
  'black_silent_6min_1080p.mp4': rejected('black_and_silent'),
  'vfr_518x488_watch.mp4': 'prepared',
  'mp3_cover-art_chapters_bear.mp3': 'prepared',
  'hls_cea608_bbb/manifest.m3u8': 'prepared',
  'hls_ts_6segments_bbb/playlist.m3u8': 'prepared',
  'mkv_2audio_8subs_elephants-dream.mkv': 'prepared',
  'phone_rot90_h264_720p_keyboard.mp4': 'prepared',
  'avchd_1080i50_ac3_pgs_sony-a7m3.mts': 'prepared',
  'mjpeg_avi_mono_camera.AVI': 'prepared',
  'noaudio_h264_main_640x360_ocean.mov': 'prepared',
  'phone_vfr_rot180_mono_dog.mp4': 'prepared',
  'sar_3x2_8.8fps_terminal.mp4': 'prepared',
  'mp4_2video_2audio_2subs_nasa.mp4': 'prepared',
  'ts_scte35_h264_aac.ts': 'prepared',
  'prores_422_47.95fps_180x144.mov': 'prepared',
  'mxf_pcm24_51_meridian.mxf': 'prepared',
  // Sound only, and a minute of silence: there is nothing to see or to hear.
  'audio-only_60s_silence.mp4': rejected('silent'),
  "te[s]t_ video ' _ .flv": 'prepared',
  // 55 % of the bytes: the readable part is fine.
  'derived_truncated_mid_mdat.mp4': 'prepared',
  'derived_moov_missing.mp4': rejected('unreadable'),
  // Opens and probes clean, but a quarter of its pictures are damaged.
  'derived_bitflips_mdat.mp4': rejected('damaged'),
  'derived_html_saved_as.mp4': rejected('unreadable'),
  'derived_zero_bytes.mp4': rejected('empty'),
  'derived_webm_renamed_to.mp4': 'prepared',
  'derived_Ciné-club – L’été à Zürich, 東京の花 🌸 (nº 3).mkv': 'prepared',
  'derived_xvid_asp_qpel_bframes_mp3.avi': 'prepared',
  'derived_vp9_opus_853x479_odd.webm': 'prepared',
  'derived_mpeg2_480i5994_tff.ts': 'prepared',
  'derived_longgop_40s_one_keyframe.mp4': 'prepared',
  'derived_qa_black_freeze_silence_clip.mp4': 'prepared',
};
