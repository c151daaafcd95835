import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { isLive } from '../state/air-state.ts';
import { prefer, usePreferences } from '../state/preferences.ts';
import { usePreview } from '../state/preview-store.ts';
import { useAir } from '../ui/use-air.ts';
import { AudioTap } from './audio-tap.ts';
import { PreviewPlayer } from './preview-player.ts';

interface Preview {
  video: RefObject<HTMLVideoElement | null>;
  tap: RefObject<AudioTap | null>;
}

let toggleSoundNow: (() => void) | null = null;

/** Turns the sound of the preview on or off, from a button or the keyboard (a gesture, so sound may start). */
export function toggleSound(): void {
  toggleSoundNow?.();
}

/** Runs the preview while the channel may be on air, and its sound from the first gesture on. */
export function usePreviewPlayer(): Preview {
  const video = useRef<HTMLVideoElement>(null);
  const tap = useRef<AudioTap | null>(null);
  const air = useAir();
  // Without a connection to the host the picture comes from there too, yet it may outlive a short loss: leave it running.
  const wanted = isLive(air) || air === 'lost' || air === 'unreachable';

  useEffect(() => {
    const element = video.current;
    if (!wanted || !element) return;
    const player = new PreviewPlayer(element, '/program.ts', (state) => usePreview.setState(state));
    player.start();
    return () => player.stop();
  }, [wanted]);

  const resume = useCallback(async () => {
    const element = video.current;
    if (!element) return;
    tap.current ??= new AudioTap(element, usePreferences.getState().muted);
    await tap.current.resume();
  }, []);

  useEffect(() => {
    const gesture = () => void resume();
    window.addEventListener('pointerdown', gesture);
    window.addEventListener('keydown', gesture);
    // Where the browser trusts this page already, sound and meters start without a gesture.
    void resume();
    toggleSoundNow = () => {
      const running = usePreview.getState().soundRunning;
      const muted = running ? !usePreferences.getState().muted : false;
      prefer({ muted });
      void resume();
    };
    const stopFollowing = usePreferences.subscribe(({ muted }) => {
      if (tap.current && tap.current.muted !== muted) tap.current.muted = muted;
    });
    const timer = setInterval(() => {
      const soundRunning = tap.current?.running ?? false;
      if (soundRunning !== usePreview.getState().soundRunning) usePreview.setState({ soundRunning });
    }, 250);
    return () => {
      window.removeEventListener('pointerdown', gesture);
      window.removeEventListener('keydown', gesture);
      toggleSoundNow = null;
      stopFollowing();
      clearInterval(timer);
      tap.current?.close();
      tap.current = null;
    };
  }, [resume]);

  return { video, tap };
}
